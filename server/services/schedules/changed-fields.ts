import type { Schedule } from "~/server/domain/schedule";

/** Returns the fields that an edit changed, with both values. Skips `state`, which firing changes, and `updatedAt`. */
export function changedFields(
  before: Schedule,
  after: Schedule,
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const left: Record<string, unknown> = {};
  const right: Record<string, unknown> = {};
  for (const key of Object.keys(after) as (keyof Schedule)[]) {
    if (key === "state" || key === "updatedAt") continue;
    if (JSON.stringify(before[key]) === JSON.stringify(after[key])) continue;
    left[key] = before[key];
    right[key] = after[key];
  }
  return { before: left, after: right };
}
