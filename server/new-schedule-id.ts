import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

/** A new schedule's id: UUID v7, so that ids of neighbours in time lie near each other. */
export function newScheduleId(): string {
  return v7({ random: randomBytes() });
}

const RANDOM_BYTES = 16;
const pool = new Uint8Array(256 * RANDOM_BYTES);
let used = pool.length;

/** From a pool: a system call costs far more than the bytes it gives. */
function randomBytes(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  // A copy: the library writes the version into what it is given.
  return pool.slice(used - RANDOM_BYTES, used);
}
