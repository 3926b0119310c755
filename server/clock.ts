import type { Logger } from "pino";

const MEASURE_INTERVAL_MS = 10_000;

/** The time of Redis, estimated from regular measurements. */
export interface RedisClock {
  /** Redis time, epoch ms. */
  now(): number;
  /** This process's clock minus Redis's clock, ms. */
  skewMs(): number;
  /** Measures now. */
  refresh(): Promise<void>;
  start(): Promise<void>;
  stop(): void;
}

/** Maximum number of measurements at start, and of the readings of the wall clock before them. */
const MAX_START_MEASUREMENTS = 5;
/** A shorter round trip ends the measurements at start, because it is precise enough. */
const SHORT_ROUND_TRIP_MS = 5;

/** Tests pass other clocks. */
export interface ClockSource {
  /** Epoch ms. */
  wallMs: () => number;
  monotonicMs: () => number;
}

const PLATFORM: ClockSource = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/**
 * Creates the clock (Cristian's algorithm). Redis reads its time between request and answer, so each measurement gives
 * bounds. An estimate outside the bounds moves to their middle. Between measurements the estimate follows the monotonic
 * clock, so steps of the wall clock have no effect.
 * @param input.redisNow returns the time of Redis in whole ms
 */
export function createRedisClock(input: {
  redisNow: () => Promise<number>;
  log: Logger;
  source?: ClockSource;
  /** The time between measurements, ms; 10 s by default. */
  intervalMs?: number;
}): RedisClock {
  const { redisNow, log, source = PLATFORM, intervalMs = MEASURE_INTERVAL_MS } = input;
  // Epoch ms at the monotonic clock's zero, estimated from the wall clock until the first measurement.
  let originMs = wallOrigin(source);
  let timer: NodeJS.Timeout | undefined;

  /** Measures once. Returns the round trip, ms. */
  async function measure(): Promise<number> {
    const before = source.monotonicMs();
    const redisMs = await redisNow();
    const after = source.monotonicMs();
    const [earliest, latest] = [redisMs - after, redisMs + 1 - before];
    if (originMs < earliest || originMs > latest) originMs = (earliest + latest) / 2;
    return after - before;
  }

  const measureQuietly = () =>
    measure().catch((error) => {
      log.debug({ err: error }, "could not measure the clock");
      return null;
    });
  const now = () => Math.round(originMs + source.monotonicMs());

  return {
    now,
    skewMs: () => source.wallMs() - now(),
    async refresh() {
      await measureQuietly();
    },
    async start() {
      if (timer) return;
      timer = setInterval(measureQuietly, intervalMs);
      timer.unref();
      // The first round trip may include the connection, so that its bounds are too wide.
      for (let tries = 0; tries < MAX_START_MEASUREMENTS; tries += 1) {
        const roundTripMs = await measureQuietly();
        if (roundTripMs === null || roundTripMs < SHORT_ROUND_TRIP_MS) return;
      }
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/**
 * Returns the time of the wall clock at which the monotonic clock was 0. Uses the shortest of several readings, because
 * the process may be suspended during a reading.
 */
function wallOrigin({ wallMs, monotonicMs }: ClockSource): number {
  let best = { gapMs: Number.POSITIVE_INFINITY, originMs: 0 };
  for (let tries = 0; tries < MAX_START_MEASUREMENTS && best.gapMs >= 1; tries += 1) {
    const before = monotonicMs();
    const wall = wallMs();
    const after = monotonicMs();
    if (after - before < best.gapMs) best = { gapMs: after - before, originMs: wall - (before + after) / 2 };
  }
  return best.originMs;
}
