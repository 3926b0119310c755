import { SchedulesError } from "./errors.js";
import { parseJson } from "./json.js";

export interface RetryOptions {
  /** The most repeats of a call. */
  retries: number;
  /** The longest time of one attempt, ms. */
  timeoutMs: number;
  /**
   * The longest random pause before the first repeat, ms. It doubles with each repeat, up to 30 s. The time of a
   * `Retry-After` is added to the random pause.
   */
  retryDelayMs: number;
  fetch: typeof globalThis.fetch;
}

const RETRIED = new Set([429, 502, 503, 504]);
const MAX_DELAY_MS = 30_000;
/** The content types of exports, which may be long. */
const STREAMED = /ndjson|csv/;

/**
 * Creates a `fetch` that repeats failed requests: after a 429, 502, 503 or 504, after a 409 with `Retry-After` (an
 * earlier attempt is still in progress), and without an answer. A request that may change something and has no
 * `Idempotency-Key` is repeated only after a 429, because any other failed attempt may have changed something.
 */
export function createRetryingFetch(options: RetryOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const isRepeatable = ["GET", "HEAD"].includes(request.method) || request.headers.has("idempotency-key");
    for (let attempt = 0; ; attempt += 1) {
      const isLast = attempt >= options.retries;
      const result = await attemptOnce(request.clone(), options).catch((error: unknown) => {
        if (request.signal.aborted) throw request.signal.reason;
        if (isLast || !isRepeatable || !(error instanceof SchedulesError)) throw error;
        return error;
      });
      if (result instanceof Response && (isLast || !isRetried(result, isRepeatable))) return result;
      const minimumMs = result instanceof Response ? retryAfterMs(result.headers) : 0;
      if (result instanceof Response) await result.body?.cancel();
      await pause(delayMs({ attempt, minimumMs, baseMs: options.retryDelayMs }), request.signal);
    }
  };
}

function isRetried({ status, headers }: Response, isRepeatable: boolean): boolean {
  if (!isRepeatable) return status === 429;
  return RETRIED.has(status) || (status === 409 && headers.has("retry-after"));
}

async function attemptOnce(request: Request, { fetch, timeoutMs }: RetryOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(new Request(request, { signal: AbortSignal.any([request.signal, timeout]) }));
    return STREAMED.test(response.headers.get("content-type") ?? "") ? response : await wholeResponse(response);
  } catch (cause) {
    if (timeout.aborted) {
      throw new SchedulesError({ code: "timeout", message: `There was no answer within ${timeoutMs} ms.`, cause });
    }
    const { origin } = new URL(request.url);
    throw new SchedulesError({ code: "connection", message: `Could not connect to ${origin}.`, cause });
  }
}

/** Reads the body, so that a lost connection or the time limit ends the attempt, not the call. */
async function wholeResponse(response: Response): Promise<Response> {
  const text = await response.text();
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  // openapi-fetch calls `json` only for an answer with a length.
  headers.set("content-length", String(text.length));
  const whole = new Response(text === "" ? null : text, { status, statusText, headers });
  return Object.assign(whole, { json: async () => objectOf(text, status) });
}

/** @throws SchedulesError for a text that is not a JSON object */
function objectOf(text: string, status: number): unknown {
  const value = jsonOrNull(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  const message = `The server answered ${status}, but without a JSON object.`;
  throw new SchedulesError({ code: "unexpected_answer", message, status });
}

function jsonOrNull(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

/** `Retry-After`, a number of seconds or a date, but at most `MAX_DELAY_MS`. */
function retryAfterMs(headers: Headers): number {
  const text = headers.get("retry-after") ?? "";
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.max(0, Math.min(MAX_DELAY_MS, ms));
}

/** Full jitter, so that many clients do not return at once. The minimum is `Retry-After`, but at most 30 s. */
function delayMs(input: { attempt: number; minimumMs: number; baseMs: number }): number {
  const ceiling = Math.min(MAX_DELAY_MS, input.baseMs * 2 ** input.attempt);
  return input.minimumMs + Math.random() * ceiling;
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
