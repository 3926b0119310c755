// Loaded into a worker first: SIGUSR2 steps its wall clock, alternately forward and back. The monotonic clock is
// unchanged.
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
