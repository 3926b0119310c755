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

/**
 * `redisNow` asks Redis; half the round trip is taken off. Between two measurements it follows the monotonic clock, so a step of this
 * machine's wall clock moves nothing. A measurement that fails leaves the last one in force.
 */
export function createRedisClock(input: { redisNow: () => Promise<number>; log: Logger }): RedisClock {
  // Epoch ms at the monotonic clock's zero; this machine's own until Redis has been asked.
  let originMs = Date.now() - performance.now();
  let timer: NodeJS.Timeout | undefined;

  async function measure(): Promise<void> {
    const before = performance.now();
    const redisMs = await input.redisNow();
    const after = performance.now();
    const measured = redisMs - (before + after) / 2;
    // Below the resolution of TIME in ms and the round trip it is noise.
    if (Math.abs(measured - originMs) > Math.max(2, after - before)) originMs = measured;
  }

  const measureQuietly = () => measure().catch((error) => input.log.debug({ err: error }, "clock not measured"));
  const now = () => Math.round(originMs + performance.now());

  return {
    now,
    skewMs: () => Date.now() - now(),
    async start() {
      if (timer) return;
      timer = setInterval(measureQuietly, MEASURE_MS);
      timer.unref();
      await measureQuietly();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
