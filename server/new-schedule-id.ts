import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

/** Returns a UUID v7, so that schedules sort by the time of their creation. */
export function newScheduleId(): string {
  return v7({ random: randomBytes() });
}

const RANDOM_BYTES = 16;
const pool = new Uint8Array(256 * RANDOM_BYTES);
let used = pool.length;

/** Takes random bytes from a pool, because a system call for each id would be slow. */
function randomBytes(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  // A copy, because `v7` changes the bytes.
  return pool.slice(used - RANDOM_BYTES, used);
}
