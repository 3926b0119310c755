import type { Logger } from "pino";

const MEASURE_MS = 10_000;

/** The shared clock: Redis `TIME`, followed by measuring how far this process is off it. */
export interface RedisClock {
  /** Epoch ms by Redis. */
  now(): number;
  /** This process's clock minus Redis's, ms. */
  skewMs(): number;
  start(): Promise<void>;
  stop(): void;
}

/** Asked so often at the start, until one round trip is short enough. */
const FIRST_TRIES = 5;
const SHORT_ROUND_TRIP_MS = 5;

/** Where the clocks are read from; the platform's own but in tests. */
export interface ClockSource {
  /** Epoch ms. */
  wallMs: () => number;
  monotonicMs: () => number;
}

const PLATFORM: ClockSource = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/**
 * `redisNow` asks Redis, in whole ms. Redis read its clock between the request and the answer, so each measurement
 * gives bounds of the offset; an estimate outside of them moves to their middle (Cristian's algorithm). Between two
 * measurements it follows the monotonic clock, so a step of this machine's wall clock moves nothing. A measurement that
 * fails leaves the last estimate in force.
 */
export function createRedisClock(input: {
  redisNow: () => Promise<number>;
  log: Logger;
  source?: ClockSource;
}): RedisClock {
  const { redisNow, log, source = PLATFORM } = input;
  // Epoch ms at the monotonic clock's zero; this machine's own until Redis has been asked.
  let originMs = wallOrigin(source);
  let timer: NodeJS.Timeout | undefined;

  /** Answers the length of the round trip, ms. */
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
      log.debug({ err: error }, "clock not measured");
      return null;
    });
  const now = () => Math.round(originMs + source.monotonicMs());

  return {
    now,
    skewMs: () => source.wallMs() - now(),
    async start() {
      if (timer) return;
      timer = setInterval(measureQuietly, MEASURE_MS);
      timer.unref();
      // The first request may wait for the connection: its bounds are too wide to say much.
      for (let tries = 0; tries < FIRST_TRIES; tries += 1) {
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
 * The wall clock at the monotonic clock's zero, from the two readings that lie closest: a process may be suspended
 * between them.
 */
function wallOrigin({ wallMs, monotonicMs }: ClockSource): number {
  let best = { gapMs: Number.POSITIVE_INFINITY, originMs: 0 };
  for (let tries = 0; tries < FIRST_TRIES && best.gapMs >= 1; tries += 1) {
    const before = monotonicMs();
    const wall = wallMs();
    const after = monotonicMs();
    if (after - before < best.gapMs) best = { gapMs: after - before, originMs: wall - (before + after) / 2 };
  }
  return best.originMs;
}
