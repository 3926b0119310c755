import { awayError, type Reach } from "./reach";

/** A read that takes longer than this asks whether the stores respond, and asks again as often, ms. */
const ASK_MS = 1000;
/** While a store does not respond, a read gets this long, ms: the other store may be all that it needs. */
const PATIENCE_MS = 2500;

/**
 * The result of a read, or an error soon after a store has stopped responding, instead of at the end of the request's
 * time. The read itself goes on.
 * @throws AppError `redis_unavailable` or `clickhouse_unavailable`
 */
export async function unlessAway<T>(reach: Reach, read: Promise<T>): Promise<T> {
  const settled = new AbortController();
  // Nobody waits for the read any more once the error was thrown.
  read.catch(() => undefined);
  try {
    return await Promise.race([read, whenAway(reach, settled.signal)]);
  } finally {
    settled.abort();
  }
}

async function whenAway(reach: Reach, signal: AbortSignal): Promise<never> {
  const startedAt = performance.now();
  for (;;) {
    await pause(ASK_MS, signal);
    await reach.look();
    const away = reach.away();
    if (away.length === 0) continue;
    const leftMs = PATIENCE_MS - (performance.now() - startedAt);
    if (leftMs > 0) await pause(leftMs, signal);
    throw awayError(away);
  }
}

/** Never ends once `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return;
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}
