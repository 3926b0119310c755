import { AppError } from "~/server/domain/errors";
import { withTimeout } from "~/server/timing/request-timeout";

/**
 * Replies of a Redis that cannot serve now: out of memory, a replica, loading, without its disk, a cluster in motion.
 */
const NOT_NOW =
  /^(OOM|MOVED|ASK|EXECABORT|READONLY|LOADING|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|BUSY|NOAUTH|WRONGPASS|UNKILLABLE)\b/;

/** An error of a Redis call as callers may see it. Other error replies are faults of ours and stay what they are. */
export function readRedisError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError || isOurs(error)) return error;
  const text = error.message;
  const isReply = error.name === "ReplyError";
  if (isReply && !NOT_NOW.test(text.replace(/^ERR (Error running script.*?: )?/, ""))) return error;
  return new AppError("redis_unavailable", `Redis does not take commands now: ${text}`, { cause: error });
}

/** A fault of the code, not of Redis. */
function isOurs(error: Error): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}

/** Waits for one reply, at most `timeoutMs`. The command may still be carried out after a timeout. */
export async function bounded<T>(reply: Promise<T>, timeoutMs: number): Promise<T> {
  const error = () => new AppError("redis_unavailable", `Redis did not answer within ${timeoutMs} ms.`);
  return withTimeout(reply, { timeoutMs, error }).catch((fault: unknown) => {
    throw readRedisError(fault);
  });
}
