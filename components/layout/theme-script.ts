/** Runs before the first paint, since only the browser knows what the system wants. */
export const THEME_SCRIPT =
  '(e=>{e.dataset.theme==="system"&&matchMedia("(prefers-color-scheme: dark)").matches&&e.classList.add("dark")})(document.documentElement)';
