import { type Reach, unreachableError } from "./reach";

/** How often a slow read checks whether the stores respond, ms. */
const CHECK_MS = 1000;
/** Timeout of a read while a store does not respond, ms. The read may need only the other store. */
const READ_TIMEOUT_MS = 2500;

/**
 * Returns the result of a read, or throws soon after a store has stopped responding instead of at the request's
 * deadline. The read itself continues.
 * @throws AppError `redis_unavailable` or `clickhouse_unavailable`
 */
export async function unlessUnreachable<T>(reach: Reach, read: Promise<T>): Promise<T> {
  const settled = new AbortController();
  // After the error was thrown, nothing awaits the read.
  read.catch(() => undefined);
  try {
    return await Promise.race([read, whenUnreachable(reach, settled.signal)]);
  } finally {
    settled.abort();
  }
}

async function whenUnreachable(reach: Reach, signal: AbortSignal): Promise<never> {
  const startedAt = performance.now();
  for (;;) {
    await pause(CHECK_MS, signal);
    await reach.check();
    const unreachable = reach.unreachable();
    if (unreachable.length === 0) continue;
    const leftMs = READ_TIMEOUT_MS - (performance.now() - startedAt);
    if (leftMs > 0) await pause(leftMs, signal);
    throw unreachableError(unreachable);
  }
}

/** Never resolves after `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return;
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}
