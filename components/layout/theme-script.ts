/** Runs before the first paint, because only the browser knows the system theme. */
export const THEME_SCRIPT =
  '(e=>{e.dataset.theme==="system"&&matchMedia("(prefers-color-scheme: dark)").matches&&e.classList.add("dark")})(document.documentElement)';
