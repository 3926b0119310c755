import { initTRPC } from "@trpc/server";
import pino from "pino";
import type { Session } from "~/server/domain/session";
import { refuseIdempotencyKey } from "~/server/rest/idempotency-key";
import { requireRight, requireSameOrigin } from "~/server/services/access";
import type { Ctx, Right } from "~/server/services/ctx";
import { unbounded } from "~/server/services/deadline";
import { unlessAway } from "~/server/services/unless-away";
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

/** A live connection is renewed this often, so that a revoked session stops receiving. */
const SSE_MAX_MS = 300_000;
const SSE_PING_MS = 15_000;
const SSE_SILENCE_MS = 40_000;

const log = pino({ name: "trpc" });

interface Meta {
  /** Runs without a deadline, because it may read everything. */
  takesLong?: boolean;
  /** Answers while a store does not respond, and reports that itself. */
  tellsAway?: boolean;
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
      // Without the shape's message and stack, which may belong to an internal error.
      const { code, httpStatus, path } = shape.data;
      return { ...shape, message: appError.message, data: { code, httpStatus, path, appError } };
    },
  });

/** Refuses mutations that another site sends with this browser's cookie. */
const sameOrigin = t.middleware(({ ctx, type, next }) => {
  if (type === "mutation" && ctx.session) requireSameOrigin({ method: "POST", headers: ctx.headers });
  return next();
});

/** Refuses `Idempotency-Key` as a header, which would be ignored: calls that support a key take it as a field. */
const noKeyHeader = t.middleware(({ ctx, type, next }) => {
  if (type === "mutation") refuseIdempotencyKey(ctx.headers);
  return next();
});

/** Applies the request's deadline. */
const inTime = t.middleware(async ({ ctx, type, meta, next, getRawInput }) => {
  const { deadline } = ctx.call;
  if (type === "subscription" || meta?.takesLong) return next({ ctx: { ...ctx, call: unbounded(ctx.call) } });
  if (deadline === undefined) return next();
  // tRPC caches the raw input. Its errors surface where it is parsed.
  await deadline.uncounted(getRawInput().catch(() => undefined));
  const answer = deadline.answer({ changes: type === "mutation" }, next());
  return type === "mutation" || meta?.tellsAway ? answer : unlessAway(ctx.call.deps.reach, answer);
});

/** Maps every error to its code. */
const mapped = t.middleware(async ({ ctx, next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error, { log, requestId: ctx.call.requestId });
  return result;
});

export const router = t.router;
/** Needs no sign-in. */
export const publicProcedure = t.procedure.use(mapped).use(inTime).use(sameOrigin).use(noKeyHeader);

function procedureFor(right: Right) {
  return publicProcedure.use(({ ctx, next }) => {
    requireRight(ctx.call, right);
    return next();
  });
}

export const protectedProcedure = procedureFor("read");
/** Reads many rows; limited to a few concurrent calls of one batch. */
export const listProcedure = protectedProcedure.use(({ ctx, next }) => ctx.turns(() => next()));
export const writeProcedure = procedureFor("write");
export const adminProcedure = procedureFor("admin");
