import { createHash } from "node:crypto";
import { v7 } from "uuid";

/** Returns a UUID v7 for this time (epoch ms), so that audit entries sort by their id. */
export function newAuditId(atMs: number): string {
  return v7({ msecs: atMs });
}

/** Like `newAuditId`, but returns the same id for the same time and name, for a step that may be repeated. */
export function repeatableAuditId(atMs: number, name: string): string {
  return v7({ msecs: atMs, random: createHash("sha256").update(name).digest().subarray(0, 16) });
}
