/** Runs before the first paint where the theme follows the system. */
export const THEME_SCRIPT =
  'matchMedia("(prefers-color-scheme: dark)").matches&&document.documentElement.classList.add("dark")';
