import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "~/server/domain/errors";
import type { CopiedKind } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";

/** Expiry of the lock, ms. Longer than a write waits for ClickHouse. */
const LOCK_MS = 20_000;
/** How long to wait for the lock, ms. */
const WAIT_MS = 10_000;
/** Time between two tries to take the lock, ms. */
const POLL_MS = 25;

/**
 * Runs a read-modify-write of documents under the lock of their table.
 * @throws AppError `conflict` if another write holds the lock for more than 10 s.
 */
export function withDocumentLock<T>(deps: Pick<Deps, "locks">, kind: CopiedKind, run: () => Promise<T>): Promise<T> {
  return withLock(deps, { name: `documents-${kind}`, lockMs: LOCK_MS }, run);
}

/**
 * Runs a change under a lock that expires after `lockMs`.
 * @throws AppError `conflict` if another change holds the lock for more than 10 s.
 */
export async function withLock<T>(
  deps: Pick<Deps, "locks">,
  { name, lockMs }: { name: string; lockMs: number },
  run: () => Promise<T>,
): Promise<T> {
  const lock = deps.locks(name, lockMs);
  const deadline = performance.now() + WAIT_MS;
  while (!(await lock.hold())) {
    if (performance.now() > deadline) throw new AppError("conflict", "Another change is being saved. Try again.");
    await pause(POLL_MS);
  }
  try {
    return await run();
  } finally {
    await lock.release();
  }
}
