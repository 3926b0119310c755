import { initTRPC } from "@trpc/server";
import pino from "pino";
import { refuseIdempotencyKey } from "~/server/rest/idempotency-key";
import { requireRight, requireSameOrigin, type Session } from "~/server/services/access";
import type { Ctx, Right } from "~/server/services/ctx";
import { unbounded } from "~/server/services/deadline";
import { appErrorData, toTrpcError } from "./errors";
import type { Turns } from "./turns";

/** What each procedure is given. `call` is what verbs take as their `ctx`. */
export interface TrpcContext {
  call: Ctx;
  /** The caller's own session; null for an API key. */
  session: Session | null;
  headers: Headers;
  /** Of the request's calls that read many rows. */
  turns: Turns;
}

/** A live connection is renewed this often, so that a revoked session does not listen on. */
const SSE_MAX_MS = 300_000;
const SSE_PING_MS = 15_000;
const SSE_SILENCE_MS = 40_000;

const log = pino({ name: "trpc" });

/** `takesLong`: has no deadline, as it may look through everything. */
interface Meta {
  takesLong?: boolean;
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
      // Not the shape's own message and stack: they may be those of an unknown error.
      const { code, httpStatus, path } = shape.data;
      return { ...shape, message: appError.message, data: { code, httpStatus, path, appError } };
    },
  });

/** Refuses changes that another site makes with this browser's cookie. */
const sameOrigin = t.middleware(({ ctx, type, next }) => {
  if (type === "mutation" && ctx.session) requireSameOrigin({ method: "POST", headers: ctx.headers });
  return next();
});

/** A key is a field of the calls that honour one; as a header it would be ignored. */
const noKeyHeader = t.middleware(({ ctx, type, next }) => {
  if (type === "mutation") refuseIdempotencyKey(ctx.headers);
  return next();
});

/** Answers within the request's time. */
const inTime = t.middleware(async ({ ctx, type, meta, next, getRawInput }) => {
  const { deadline } = ctx.call;
  if (type === "subscription" || meta?.takesLong) return next({ ctx: { ...ctx, call: unbounded(ctx.call) } });
  if (deadline === undefined) return next();
  // Here for the first time, and kept by tRPC; what is wrong with it shows where it is parsed.
  await deadline.uncounted(getRawInput().catch(() => undefined));
  return deadline.answer({ changes: type === "mutation" }, next());
});

/** Gives every failure its code. */
const mapped = t.middleware(async ({ ctx, next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error, { log, requestId: ctx.call.requestId });
  return result;
});

export const router = t.router;
/** Anybody may call. */
export const publicProcedure = t.procedure.use(mapped).use(inTime).use(sameOrigin).use(noKeyHeader);

function procedureFor(right: Right) {
  return publicProcedure.use(({ ctx, next }) => {
    requireRight(ctx.call, right);
    return next();
  });
}

export const protectedProcedure = procedureFor("read");
/** Reads many rows: of one batch only a few of these calls run at once. */
export const listProcedure = protectedProcedure.use(({ ctx, next }) => ctx.turns(() => next()));
export const writeProcedure = procedureFor("write");
export const adminProcedure = procedureFor("admin");
