import { setTimeout as wait } from "node:timers/promises";

/** Resolves after a time, ms. Rejects as soon as the signal aborts. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal });
