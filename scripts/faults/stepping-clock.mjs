// Loaded into a worker before anything else: SIGUSR2 steps its wall clock, forward and back in turn. The monotonic
// clock goes on.
const RealDate = Date;
const STEP_MS = 5000;
let offsetMs = 0;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + offsetMs] : given));
  }
  static now() {
    return RealDate.now() + offsetMs;
  }
};

process.on("SIGUSR2", () => {
  offsetMs = offsetMs > 0 ? -STEP_MS : STEP_MS;
});
