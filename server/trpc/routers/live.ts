import { setTimeout as pause } from "node:timers/promises";
import { getTRPCErrorFromUnknown } from "@trpc/server";
import pino from "pino";
import { AppError } from "~/server/domain/errors";
import { openCtx, requireRight } from "~/server/services/access";
import { counted } from "~/server/services/counters";
import type { Deps } from "~/server/services/ctx";
import { toTrpcError } from "../errors";
import { protectedProcedure, router, type TrpcContext } from "../init";
import { createOpenStreams } from "../open-streams";

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

const latest = new WeakMap<Deps["hot"], { readAt: number; reading: Promise<Reading> }>();

/** One reading a tick and process, however many pages listen. */
function read(deps: Deps): Promise<Reading> {
  const known = latest.get(deps.hot);
  const now = performance.now();
  if (known && now - known.readAt < TICK_MS / 2) return known.reading;
  const reading = readNow(deps);
  latest.set(deps.hot, { readAt: now, reading });
  return reading;
}

async function readNow(deps: Deps): Promise<Reading> {
  const [stats, published] = await Promise.all([deps.hot.stats(), counted(deps, "published")]);
  const { pending, running, outboxDepth, nowMs } = stats;
  return { at: new Date(nowMs).toISOString(), pending, running, outboxDepth, published };
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

/** Streams of one caller, a page each, and of all that this process serves. */
const streams = createOpenStreams({ perCaller: 20, total: 1000 });
const log = pino({ name: "trpc" });

/** Ticks for as long as the caller may have them: each asks anew who calls. Holds a place among the streams. */
async function* ticksFor(ctx: TrpcContext & { callerId: string }, signal?: AbortSignal): AsyncGenerator<LiveTick> {
  const { deps, requestId } = ctx.call;
  let leave = () => {};
  try {
    leave = streams.enter(ctx.callerId);
    for await (const tick of ticks(deps, signal)) {
      await requireStill({ deps, headers: ctx.headers, callerId: ctx.callerId });
      yield tick;
    }
  } catch (error) {
    throw toTrpcError(getTRPCErrorFromUnknown(error), { log, requestId });
  } finally {
    leave();
  }
}

/**
 * @throws AppError `unauthenticated`, `forbidden` where the session ended, the key was revoked or the account disabled
 */
async function requireStill(call: { deps: Deps; headers: Headers; callerId: string }): Promise<void> {
  const { ctx } = await openCtx(call);
  if (requireRight(ctx, "read").id !== call.callerId)
    throw new AppError("unauthenticated", "Somebody else has signed in.");
}

export const liveRouter = router({
  /** A small tick every 2 s: the page asks for what it shows when a number has moved. */
  changes: protectedProcedure.subscription(({ ctx, signal }) => {
    const callerId = requireRight(ctx.call, "read").id;
    return ticksFor({ ...ctx, callerId }, signal);
  }),
});
