/* For page-load.ts. Runs in the page before its own scripts, and records the largest paint and the layout shifts. */
const vitals = { lcpMs: 0, shift: 0, changedAt: 0 };
window.vitals = vitals;

function watch(type, take) {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) take(entry);
    vitals.changedAt = performance.now();
  });
  observer.observe({ type, buffered: true });
}

watch("largest-contentful-paint", (entry) => {
  vitals.lcpMs = entry.startTime;
});
watch("layout-shift", (entry) => {
  vitals.shift += entry.value;
});
