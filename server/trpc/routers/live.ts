import { setTimeout as pause } from "node:timers/promises";
import { getTRPCErrorFromUnknown } from "@trpc/server";
import { AppError } from "~/server/domain/errors";
import type { TopicPrefixes } from "~/server/domain/scope";
import { createLogger } from "~/server/logger";
import { openCtx, requireRight } from "~/server/services/access";
import { readCounter } from "~/server/services/counters";
import type { Deps } from "~/server/services/ctx";
import { unscopedDeps } from "~/server/services/scope";
import { toTrpcError } from "../errors";
import { procedure, router, type TrpcContext } from "../init";
import { createOpenStreams } from "../open-streams";

/** Time between two ticks of a live stream. */
const TICK_MS = 2000;

/**
 * A page reloads its data when `pending` or `running` changes, or an event was published. A caller with a scope does
 * not get the installation's numbers: if one of these three has changed, `firedSinceLast` is 1.
 */
export interface LiveTick {
  /** ISO 8601. */
  at: string;
  pending: number;
  running: number;
  /** Published since the previous tick; 0 in the first. */
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

/** Shares one reading per tick among all streams of the process. */
function read(deps: Deps): Promise<Reading> {
  const known = latest.get(deps.hot);
  const now = performance.now();
  if (known && now - known.readAt < TICK_MS / 2) return known.reading;
  const reading = readNow(deps);
  latest.set(deps.hot, { readAt: now, reading });
  return reading;
}

async function readNow(deps: Deps): Promise<Reading> {
  const [stats, published] = await Promise.all([deps.hot.stats(), readCounter(deps, "published")]);
  const { pending, running, outboxDepth, nowMs } = stats;
  return { at: new Date(nowMs).toISOString(), pending, running, outboxDepth, published };
}

/** Yields ticks until `signal` aborts. Skips a tick that fails; the page then notices that its last tick is old. */
export async function* ticks(caller: Deps, signal: AbortSignal | undefined): AsyncGenerator<LiveTick> {
  const deps = unscopedDeps(caller);
  let before: Reading | null = null;
  while (!signal?.aborted) {
    const reading = await read(deps).catch((error: unknown) => {
      deps.log.debug({ err: error }, "could not read live tick");
      return null;
    });
    if (reading) {
      yield caller.scope === undefined ? tickOf(reading, before) : signalOf(reading, before);
      before = reading;
    }
    try {
      await pause(TICK_MS, undefined, { signal });
    } catch {
      return;
    }
  }
}

function tickOf({ published, ...rest }: Reading, before: Reading | null): LiveTick {
  return { ...rest, firedSinceLast: Math.max(0, published - (before?.published ?? published)) };
}

/** The tick of a caller with a scope. */
function signalOf(reading: Reading, before: Reading | null): LiveTick {
  const numbers = ({ pending, running, published }: Reading) => `${pending} ${running} ${published}`;
  const hasChanged = before !== null && numbers(reading) !== numbers(before);
  return { at: reading.at, pending: 0, running: 0, outboxDepth: 0, firedSinceLast: hasChanged ? 1 : 0 };
}

/** Maximum numbers of live streams, for each caller and in this process. Each open page has one. */
const streams = createOpenStreams({ perCaller: 20, total: 1000 });
const log = createLogger({ name: "trpc" });

/** Yields ticks while the caller is authorized, which is checked at each tick. Counts as an open stream. */
async function* ticksFor(ctx: TrpcContext & { callerId: string }, signal?: AbortSignal): AsyncGenerator<LiveTick> {
  const { deps, requestId } = ctx.call;
  let leave = () => {};
  try {
    leave = streams.enter(ctx.callerId);
    for await (const tick of ticks(deps, signal)) {
      await requireSameCaller({
        ...{ deps: unscopedDeps(deps), headers: ctx.headers },
        ...{ callerId: ctx.callerId, scope: deps.scope },
      });
      yield tick;
    }
  } catch (error) {
    throw toTrpcError(getTRPCErrorFromUnknown(error), { log, requestId });
  } finally {
    leave();
  }
}

/**
 * Checks that the caller is still authorized, with the same scope.
 * @throws AppError `unauthenticated`, `forbidden` if the session ended, the key was revoked, the account was disabled,
 * another user signed in, or the right was lost or the scope changed
 */
async function requireSameCaller(call: {
  deps: Deps;
  headers: Headers;
  callerId: string;
  scope: TopicPrefixes | undefined;
}): Promise<void> {
  const { ctx } = await openCtx(call);
  const { id, scope } = requireRight(ctx, "executions:read");
  if (JSON.stringify(scope) !== JSON.stringify(call.scope))
    throw new AppError("forbidden", "Your scope has changed. Reload the page.");
  if (id !== call.callerId) throw new AppError("unauthenticated", "Another user has signed in. Reload the page.");
}

export const liveRouter = router({
  /** Yields a tick every 2 s. */
  changes: procedure("executions:read").subscription(({ ctx, signal }) => {
    const callerId = requireRight(ctx.call, "executions:read").id;
    return ticksFor({ ...ctx, callerId }, signal);
  }),
});
