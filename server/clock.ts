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

/** `redisNow` asks Redis; half the round trip is taken off. A measurement that fails leaves the last one in force. */
export function createRedisClock(input: { redisNow: () => Promise<number>; log: Logger }): RedisClock {
  let offsetMs = 0;
  let timer: NodeJS.Timeout | undefined;

  async function measure(): Promise<void> {
    const before = Date.now();
    const redisMs = await input.redisNow();
    const after = Date.now();
    const offset = redisMs - (before + after) / 2;
    // Below the resolution of TIME in ms and the round trip it is noise.
    offsetMs = Math.abs(offset) <= Math.max(2, after - before) ? 0 : Math.round(offset);
  }

  const measureQuietly = () => measure().catch((error) => input.log.debug({ err: error }, "clock not measured"));

  return {
    now: () => Date.now() + offsetMs,
    skewMs: () => -offsetMs,
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
