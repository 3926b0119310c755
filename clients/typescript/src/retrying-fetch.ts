import { SchedulesError } from "./errors.js";

export interface RetryOptions {
  /** How often a call is repeated after a 429, 502, 503 or 504, or without an answer. */
  retries: number;
  /** The longest time of one attempt, ms. */
  timeoutMs: number;
  /** The longest pause before the first repeat, ms. It doubles with each repeat, up to 30 s. */
  retryDelayMs: number;
  fetch: typeof globalThis.fetch;
}

const RETRIED = new Set([429, 502, 503, 504]);
const MAX_DELAY_MS = 30_000;

/**
 * Creates a `fetch` that repeats failed requests. A repeat changes nothing twice, because every request that changes
 * something has an `Idempotency-Key` or an `If-Match`.
 */
export function createRetryingFetch(options: RetryOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    for (let attempt = 0; ; attempt += 1) {
      const isLast = attempt >= options.retries;
      const result = await attemptOnce(request.clone(), options).catch((error: unknown) => {
        if (request.signal.aborted) throw request.signal.reason;
        if (isLast || !(error instanceof SchedulesError)) throw error;
        return error;
      });
      if (result instanceof Response && (isLast || !RETRIED.has(result.status))) return result;
      const retryAfter = result instanceof Response ? Number(result.headers.get("retry-after")) : 0;
      if (result instanceof Response) await result.body?.cancel();
      await pause(delayMs({ attempt, retryAfter, baseMs: options.retryDelayMs }), request.signal);
    }
  };
}

async function attemptOnce(request: Request, { fetch, timeoutMs }: RetryOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(new Request(request, { signal: AbortSignal.any([request.signal, timeout]) }));
  } catch (cause) {
    if (timeout.aborted) {
      throw new SchedulesError({ code: "timeout", message: `There was no answer within ${timeoutMs} ms.`, cause });
    }
    const { origin } = new URL(request.url);
    throw new SchedulesError({ code: "connection", message: `Could not connect to ${origin}.`, cause });
  }
}

/** Full jitter, so that many clients do not return at once. The server's `Retry-After` is the minimum. */
function delayMs(input: { attempt: number; retryAfter: number; baseMs: number }): number {
  const ceiling = Math.min(MAX_DELAY_MS, input.baseMs * 2 ** input.attempt);
  const minimum = Number.isFinite(input.retryAfter) ? Math.min(MAX_DELAY_MS, input.retryAfter * 1000) : 0;
  return minimum + Math.random() * ceiling;
}

/** Resolves after a time, ms. Rejects with the reason of the signal as soon as it aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      fail(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      done();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
