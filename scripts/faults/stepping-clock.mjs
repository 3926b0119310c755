// Loaded into a worker before the worker's own code: SIGUSR2 sets the wall clock alternately 5 s ahead and 5 s behind.
// The monotonic clock is unchanged.
const RealDate = Date;
const STEP_MS = 5000;
let offsetMs = 0;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + offsetMs] : args));
  }
  static now() {
    return RealDate.now() + offsetMs;
  }
};

process.on("SIGUSR2", () => {
  offsetMs = offsetMs > 0 ? -STEP_MS : STEP_MS;
});
