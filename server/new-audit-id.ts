import { createHash } from "node:crypto";
import { v7 } from "uuid";

/** Returns the id of an audit entry of this time (epoch ms): a UUID v7, so that entries sort by their id. */
export function newAuditId(atMs: number): string {
  return v7({ msecs: atMs });
}

/** Like `newAuditId`, but the same time and name give the same id, for a step that may be repeated. */
export function repeatableAuditId(atMs: number, name: string): string {
  return v7({ msecs: atMs, random: createHash("sha256").update(name).digest().subarray(0, 16) });
}
