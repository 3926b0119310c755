import type { Logger } from "pino";

/** How often the offset is measured after the start. */
const MEASURE_INTERVAL_MS = 10_000;

/** The shared clock: Redis `TIME`, estimated from regular measurements of this process's offset. */
export interface RedisClock {
  /** Redis time, epoch ms. */
  now(): number;
  /** This process's clock minus Redis's clock, ms. */
  skewMs(): number;
  start(): Promise<void>;
  stop(): void;
}

/** Maximum number of measurements at start, of the time of Redis and of the wall clock. */
const MAX_START_MEASUREMENTS = 5;
/** A round trip below this ends the measurements at start, because its bounds are narrow enough. */
const SHORT_ROUND_TRIP_MS = 5;

/** The clocks to read; the platform's, except in tests. */
export interface ClockSource {
  /** Epoch ms. */
  wallMs: () => number;
  monotonicMs: () => number;
}

const PLATFORM: ClockSource = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/**
 * Creates the shared clock. `redisNow` returns Redis time in whole ms, read between request and answer, so each
 * measurement bounds the offset; an estimate outside the bounds moves to their middle (Cristian's algorithm). Between
 * measurements the estimate follows the monotonic clock, so steps of the wall clock have no effect. A failed
 * measurement changes nothing.
 */
export function createRedisClock(input: {
  redisNow: () => Promise<number>;
  log: Logger;
  source?: ClockSource;
}): RedisClock {
  const { redisNow, log, source = PLATFORM } = input;
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
    async start() {
      if (timer) return;
      timer = setInterval(measureQuietly, MEASURE_INTERVAL_MS);
      timer.unref();
      // The first request may wait for the connection, which makes its bounds too wide.
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
 * Returns the time of the wall clock at which the monotonic clock was 0. Uses the pair of readings that took least
 * time, because the process may be suspended between the two.
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
