import { withTimeout } from "~/server/timing/request-timeout";

const CHECK_TIMEOUT_MS = 3000;

export function withCheckTimeout<T>(check: () => Promise<T>, timeoutMs = CHECK_TIMEOUT_MS): Promise<T> {
  return withTimeout(check(), { timeoutMs, error: () => new Error(`no answer within ${timeoutMs} ms`) });
}
