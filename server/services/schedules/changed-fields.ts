import type { Schedule } from "~/server/domain/schedule";

/** A larger payload is not copied into the audit entry of a create; the catalogue has it. */
const MAX_PAYLOAD_CHARS = 2048;

/** Fields that are not part of the definition, or that the audit entry has in other fields. */
const NOT_CREATED: ReadonlySet<string> = new Set<keyof Schedule>([
  ...(["scheduleId", "state", "createdAt", "createdBy", "updatedAt", "source", "sourceId"] as const),
]);

/** The definition of a new schedule, without fields that are empty. */
export function createdFields(schedule: Schedule): Record<string, unknown> {
  const fields = Object.entries(schedule).filter(([name, value]) => !NOT_CREATED.has(name) && !isEmpty(value));
  const { payload, ...rest } = Object.fromEntries(fields);
  const { length } = schedule.payload;
  return length > MAX_PAYLOAD_CHARS ? { ...rest, payloadChars: length } : { ...rest, payload };
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Returns the fields that an edit changed, with both values. Skips `state`, which firing changes, and `updatedAt`. */
export function changedFields(
  before: Schedule,
  after: Schedule,
  /** Fields to return even if they are equal. */
  always: readonly (keyof Schedule)[] = [],
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const left: Record<string, unknown> = {};
  const right: Record<string, unknown> = {};
  for (const key of Object.keys(after) as (keyof Schedule)[]) {
    if (key === "state" || key === "updatedAt") continue;
    if (!always.includes(key) && JSON.stringify(before[key]) === JSON.stringify(after[key])) continue;
    left[key] = before[key];
    right[key] = after[key];
  }
  return { before: left, after: right };
}
