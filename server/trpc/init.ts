import { initTRPC } from "@trpc/server";
import { AppError } from "~/server/domain/errors";
import type { Right } from "~/server/domain/rights";
import type { Session } from "~/server/domain/session";
import { createLogger } from "~/server/logger";
import { refuseIdempotencyKey } from "~/server/rest/idempotency-key";
import { requireCaller, requireRight, requireSameOrigin } from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import { logRefusal } from "~/server/services/log-refusal";
import { recordRefusal } from "~/server/services/refusals";
import { requireNoScope } from "~/server/services/scope";
import { withoutDeadline } from "~/server/services/scoped/with-deadline";
import { unlessUnreachable } from "~/server/services/unless-unreachable";
import { appErrorData, toTrpcError } from "./errors";
import type { Turns } from "./turns";

/** The context of a procedure. Services take `call` as their `ctx`. */
export interface TrpcContext {
  call: Ctx;
  /** The caller's session; null for an API key. */
  session: Session | null;
  headers: Headers;
  /** Limits concurrent list queries of the request. */
  turns: Turns;
}

/** How long a live connection lasts before the browser connects again. */
const SSE_MAX_MS = 300_000;
/** How often the server sends a ping on a live connection. */
const SSE_PING_MS = 15_000;
/** After this time without data or a ping, the browser connects again. */
const SSE_SILENCE_MS = 40_000;

const log = createLogger({ name: "trpc" });

interface Meta {
  right?: Right | readonly Right[];
  /** Runs without a deadline, because it may read everything. */
  takesLong?: boolean;
  /** Answers even while a store does not respond, and reports the outage in its answer. */
  reportsOutage?: boolean;
}

const t = initTRPC
  .context<TrpcContext>()
  .meta<Meta>()
  .create({
    sse: {
      maxDurationMs: SSE_MAX_MS,
      ping: { enabled: true, intervalMs: SSE_PING_MS },
      client: { reconnectAfterInactivityMs: SSE_SILENCE_MS },
    },
    errorFormatter({ shape, error, ctx }) {
      const appError = appErrorData(error, { log, requestId: ctx?.call.requestId ?? "-" });
      // Leaves out the message and the stack, because they may be those of an internal error.
      const { code, httpStatus, path } = shape.data;
      return { ...shape, message: appError.message, data: { code, httpStatus, path, appError } };
    },
  });

/** Refuses mutations that another site sends with this browser's cookie. */
const sameOrigin = t.middleware(({ ctx, type, next }) => {
  if (type === "mutation" && ctx.session) requireSameOrigin({ method: "POST", headers: ctx.headers, hasSession: true });
  return next();
});

/** Refuses the header `Idempotency-Key`, which would have no effect: calls that support a key have a field for it. */
const noKeyHeader = t.middleware(({ ctx, type, next }) => {
  if (type === "mutation") refuseIdempotencyKey(ctx.headers);
  return next();
});

/** Applies the request's deadline. */
const applyDeadline = t.middleware(async ({ ctx, type, meta, next, getRawInput }) => {
  const { deadline } = ctx.call;
  if (type === "subscription" || meta?.takesLong) return next({ ctx: { ...ctx, call: withoutDeadline(ctx.call) } });
  if (deadline === undefined) return next();
  // The time to receive the body does not count. tRPC caches the raw input and reports its errors when it parses it.
  await deadline.uncounted(getRawInput().catch(() => undefined));
  const answer = deadline.answer({ changes: type === "mutation" }, next());
  return type === "mutation" || meta?.reportsOutage ? answer : unlessUnreachable(ctx.call.deps.reach, answer);
});

/** Maps every error to its code. Logs and records refused calls. */
const mapErrors = t.middleware(async ({ ctx, next, path, type, getRawInput }) => {
  const result = await next();
  if (result.ok) return result;
  const { requestId } = ctx.call;
  const error = toTrpcError(result.error, { log, requestId });
  logRefusal(log, { error: error.cause, what: path, requestId, ctx: ctx.call });
  if (error.cause instanceof AppError) {
    const input = await getRawInput().catch(() => undefined);
    recordRefusal(ctx.call, { call: path, changes: type === "mutation", input, error: error.cause });
  }
  throw error;
});

export const router = t.router;
/** Needs no sign-in. */
export const publicProcedure = t.procedure.use(mapErrors).use(applyDeadline).use(sameOrigin).use(noKeyHeader);

/** Needs a sign-in or an API key, and no right. */
export const callerProcedure = publicProcedure.use(({ ctx, next }) => {
  requireCaller(ctx.call);
  return next();
});

/** Like `callerProcedure`, also for a user who must set up a second factor first. */
export const userProcedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.call.enrolling) requireCaller(ctx.call);
  return next();
});

/** Needs the right, or one of the rights. `noScope`: refuses callers with a scope. */
export function procedure(right: Right | readonly Right[], { noScope = false } = {}) {
  return publicProcedure.meta({ right }).use(({ ctx, next }) => {
    requireRight(ctx.call, right);
    if (noScope) requireNoScope(ctx.call);
    return next();
  });
}

/** Reads many rows; limited to a few concurrent calls of one batch. */
export const listProcedure = (right: Right, options: { noScope?: boolean } = {}) =>
  procedure(right, options).use(({ ctx, next }) => ctx.turns(() => next()));
