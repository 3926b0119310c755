const CHECK_TIMEOUT_MS = 3000;

/** Bounds a look at a part that may not answer at all. Throws what it throws, or that it did not answer in time. */
export async function within<T>(look: () => Promise<T>, timeoutMs = CHECK_TIMEOUT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([look(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
