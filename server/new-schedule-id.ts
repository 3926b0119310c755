import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

/** Returns a new schedule id: a UUID v7, so that ids created at about the same time sort together. */
export function newScheduleId(): string {
  return v7({ random: randomBytes() });
}

const RANDOM_BYTES = 16;
const pool = new Uint8Array(256 * RANDOM_BYTES);
let used = pool.length;

/** Random bytes from a pool, because a system call costs far more than the bytes. */
function randomBytes(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  // A copy, because `v7` writes the version into it.
  return pool.slice(used - RANDOM_BYTES, used);
}
