/**
 * Applies the system theme, which only the browser knows. Runs before the first paint, so that the page does not flash
 * in the light theme.
 */
export const THEME_SCRIPT = `{
  const root = document.documentElement;
  const isSystemDark = matchMedia("(prefers-color-scheme: dark)").matches;
  if (root.dataset.theme === "system" && isSystemDark) root.classList.add("dark");
}`;
