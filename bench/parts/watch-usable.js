/* For page-tour.ts. Runs in the page before its own scripts, and records since when nothing has been loading. */
const usable = { sinceMs: 0 };
window.usable = usable;

function look() {
  const isBusy =
    !document.querySelector("h1") ||
    document.querySelector("[data-skeleton], [aria-busy=true], main [role=status].sr-only");
  if (isBusy) usable.sinceMs = 0;
  else if (usable.sinceMs === 0) usable.sinceMs = performance.now();
  requestAnimationFrame(look);
}
look();
