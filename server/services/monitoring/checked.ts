import { withTimeout } from "~/server/timing/request-timeout";

const CHECK_TIMEOUT_MS = 3000;

/** Bounds a check of a service that may not answer. Throws the error of the check, or that the answer is late. */
export function within<T>(look: () => Promise<T>, timeoutMs = CHECK_TIMEOUT_MS): Promise<T> {
  return withTimeout(look(), { timeoutMs, error: () => new Error(`no answer within ${timeoutMs} ms`) });
}
