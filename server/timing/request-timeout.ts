/** Thrown by `withTimeout`. The work itself goes on; only the waiting ends. */
export class RequestTimeoutError extends Error {
  constructor(what: string, timeoutMs: number) {
    super(`${what} did not answer within ${Math.round(timeoutMs)} ms`);
    this.name = "RequestTimeoutError";
  }
}

/** What `work` gives, or a RequestTimeoutError after `timeoutMs`. */
export async function withTimeout<T>(work: Promise<T>, limit: { what: string; timeoutMs: number }): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new RequestTimeoutError(limit.what, limit.timeoutMs)),
      Math.max(limit.timeoutMs, 0),
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
