import { setTimeout as pause } from "node:timers/promises";
import type { Deps } from "~/server/services/ctx";
import { protectedProcedure, router } from "../init";

const TICK_MS = 2000;

/** What a page needs to know to ask for more. */
export interface LiveTick {
  /** ISO 8601. */
  at: string;
  pending: number;
  running: number;
  /** Published since the tick before; 0 in the first. */
  firedSinceLast: number;
  outboxDepth: number;
}

interface Reading {
  at: string;
  pending: number;
  running: number;
  outboxDepth: number;
  published: number;
}

const latest = new WeakMap<Deps, { readAt: number; reading: Promise<Reading> }>();

/** One reading a tick and process, however many pages listen. */
function read(deps: Deps): Promise<Reading> {
  const known = latest.get(deps);
  const now = performance.now();
  if (known && now - known.readAt < TICK_MS / 2) return known.reading;
  const reading = readNow(deps);
  latest.set(deps, { readAt: now, reading });
  return reading;
}

async function readNow(deps: Deps): Promise<Reading> {
  const [stats, published] = await Promise.all([
    deps.hot.stats(),
    deps.redis.hget(`${deps.facts.prefix}counters`, "published"),
  ]);
  const { pending, running, outboxDepth, nowMs } = stats;
  return { at: new Date(nowMs).toISOString(), pending, running, outboxDepth, published: Number(published ?? 0) };
}

/** Ticks until `signal` aborts. A tick that fails is left out: the page sees that the last one grows old. */
export async function* ticks(deps: Deps, signal: AbortSignal | undefined): AsyncGenerator<LiveTick> {
  let before: number | null = null;
  while (!signal?.aborted) {
    const reading = await read(deps).catch((error: unknown) => {
      deps.log.debug({ err: error }, "live tick not read");
      return null;
    });
    if (reading) {
      const { published, ...rest } = reading;
      yield { ...rest, firedSinceLast: Math.max(0, published - (before ?? published)) };
      before = published;
    }
    try {
      await pause(TICK_MS, undefined, { signal });
    } catch {
      return;
    }
  }
}

export const liveRouter = router({
  /** A small tick every 2 s: the page asks for what it shows when a number has moved. */
  changes: protectedProcedure.subscription(({ ctx, signal }) => ticks(ctx.call.deps, signal)),
});
