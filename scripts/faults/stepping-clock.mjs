// Preloaded into a worker: SIGUSR2 sets its wall clock alternately 5 s ahead and 5 s behind.
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
