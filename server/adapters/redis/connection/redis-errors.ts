import { AppError } from "~/server/domain/errors";
import { withTimeout } from "~/server/timing/request-timeout";

/**
 * Error replies of a Redis that cannot serve now, for example because of full memory, a failover, disk errors, a long
 * script or refused credentials.
 */
const UNAVAILABLE =
  /^(OOM|MOVED|ASK|EXECABORT|READONLY|LOADING|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|BUSY|NOAUTH|WRONGPASS|UNKILLABLE)\b/;

/**
 * Turns the replies in `UNAVAILABLE` and errors of the connection into `redis_unavailable`. Returns other replies,
 * `AppError`s and the errors in `isBug` unchanged. All remaining errors count as errors of the connection.
 */
export function toRedisUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError || isBug(error)) return error;
  const text = error.message;
  // If a command in a script fails, Redis puts text before the error reply of the command.
  const isReply = error.name === "ReplyError";
  if (isReply && !UNAVAILABLE.test(text.replace(/^ERR (Error running script.*?: )?/, ""))) return error;
  return new AppError("redis_unavailable", `Redis cannot process commands now: ${text}`, { cause: error });
}

function isBug(error: Error): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}

/** Waits at most `timeoutMs` for a reply. After a timeout the command may still run. */
export async function replyWithin<T>(reply: Promise<T>, timeoutMs: number): Promise<T> {
  const error = () => new AppError("redis_unavailable", `Redis did not answer within ${timeoutMs} ms.`);
  return withTimeout(reply, { timeoutMs, error }).catch((fault: unknown) => {
    throw toRedisUnavailable(fault);
  });
}
