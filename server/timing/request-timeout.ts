/** Thrown by `withTimeout`. The work itself continues. */
export class RequestTimeoutError extends Error {
  constructor(what: string, timeoutMs: number) {
    super(`${what} did not answer within ${Math.round(timeoutMs)} ms`);
    this.name = "RequestTimeoutError";
  }
}

interface Limit {
  timeoutMs: number;
  /** The name of the service, for the `RequestTimeoutError`. */
  what?: string;
  /** Thrown instead of the `RequestTimeoutError`. */
  error?: () => Error;
}

/** Returns the result of `work`, or throws after `timeoutMs`. */
export async function withTimeout<T>(work: Promise<T>, limit: Limit): Promise<T> {
  const { timeoutMs, what = "the service", error = () => new RequestTimeoutError(what, timeoutMs) } = limit;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), Math.max(timeoutMs, 0));
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
