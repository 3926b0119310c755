/** Runs before the first paint, because only the browser knows the system theme. */
export const THEME_SCRIPT = `{
  const root = document.documentElement;
  const isSystemDark = matchMedia("(prefers-color-scheme: dark)").matches;
  if (root.dataset.theme === "system" && isSystemDark) root.classList.add("dark");
}`;
