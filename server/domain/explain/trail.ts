import { z } from "zod";
import { SUCCEEDED } from "../audit/results";
import { DstGap, DstOverlap, type Schedule } from "../schedule";
import type { ChangeFact, PauseFact } from "./explanation";

/** The fields of an audit entry that determine when the schedule fires. An edit's entry has only changed fields. */
const TimingFields = z
  .object({
    cronExpression: z.string().nullable(),
    executionTime: z.number().nullable(),
    timezone: z.string(),
    startAt: z.number().nullable(),
    endAt: z.number().nullable(),
    jitterSeconds: z.number(),
    dstGap: DstGap,
    dstOverlap: DstOverlap,
    enabled: z.boolean(),
    version: z.int(),
    plannedSince: z.number().nullable(),
    /** The planned end of a pause. */
    until: z.string().nullable(),
  })
  .partial();

const AuditDocument = z.object({
  id: z.string(),
  at: z.int(),
  target: z.string(),
  targets: z.array(z.string()).nullish(),
  action: z.string(),
  result: z.string().nullish(),
  actor: z.string(),
  note: z.string().nullish(),
  // An entry with invalid fields still shows that there was a change.
  before: TimingFields.nullish().catch(null),
  after: TimingFields.nullish().catch(null),
});

/** The actions that change when a schedule fires. */
export const TRAIL_ACTIONS = [
  "schedule.create",
  "schedule.edit",
  "schedule.pause",
  "schedule.resume",
  "schedule.delete",
] as const;
type TrailAction = (typeof TRAIL_ACTIONS)[number];

/** A change of a schedule. `atMs`: when the change took effect or, if that is unknown, when its entry was written. */
export interface TrailEntry {
  entryId: string;
  atMs: number;
  action: TrailAction;
  actor: string;
  note: string | null;
  before: z.infer<typeof TimingFields>;
  after: z.infer<typeof TimingFields>;
}

/** Reads an audit document. Null for another schedule, another action or a refusal. Throws for an invalid document. */
export function readTrailEntry(scheduleId: string, json: string): TrailEntry | null {
  const { id, at, target, targets, action, result, actor, note, before, after } = AuditDocument.parse(JSON.parse(json));
  if (target !== scheduleId && !targets?.includes(scheduleId)) return null;
  const known = TRAIL_ACTIONS.find((one) => one === action);
  if (known === undefined || (result ?? SUCCEEDED) !== SUCCEEDED) return null;
  // `at` is when the entry was written, which may be later than the change. An edit of the times also has
  // `plannedSince`, when the change took effect.
  const atMs = known === "schedule.edit" ? (after?.plannedSince ?? at) : at;
  return { entryId: id, atMs, action: known, actor, note: note ?? null, before: before ?? {}, after: after ?? {} };
}

/** The definition that was in force at a time, as far as the audit trail shows. */
export interface InForce {
  schedule: Schedule;
  version: number | null;
  /** False if the times were changed after the requested time and the trail does not reach back to that time. */
  isKnown: boolean;
}

/**
 * The definition in force just before `atMs`: takes back every edit at `atMs` or later. Lowers the version by one for
 * each pause and resume. The entry of a delete has the version before the delete.
 * @param trail oldest first
 */
export function definitionAt(schedule: Schedule, trail: readonly TrailEntry[], atMs: number): InForce {
  let definition = schedule;
  for (const { action, before } of trail.filter((entry) => entry.atMs >= atMs).reverse()) {
    const { until: _, ...fields } = before;
    if (action === "schedule.edit") definition = { ...definition, ...fields };
    else if (action === "schedule.delete")
      definition = { ...definition, version: before.version ?? definition.version };
    else if (action !== "schedule.create") definition = { ...definition, version: definition.version - 1 };
  }
  const reachesBack = trail.some((entry) => entry.atMs < atMs || entry.action === "schedule.create");
  const isKnown = reachesBack || definition.plannedSince === null || definition.plannedSince <= atMs;
  return { schedule: definition, version: isKnown ? definition.version : null, isKnown };
}

const isPause = ({ action, after }: TrailEntry) =>
  action === "schedule.pause" || (action === "schedule.edit" && after.enabled === false);
const isResume = ({ action, after }: TrailEntry) =>
  action === "schedule.resume" || (action === "schedule.edit" && after.enabled === true);
/** Assumed maximum time between a change and its audit entry. */
const ENTRY_DELAY_MS = 10_000;

/**
 * The last pause in the trail up to `ENTRY_DELAY_MS` after `stored.beforeMs`. Takes the actor and the note from
 * `stored` if the trail lacks them.
 * @param stored from the row of a skipped occurrence, with its end as `beforeMs`, or from a schedule that is paused
 * now, with an infinite `beforeMs`
 */
export function pauseBefore(
  trail: readonly TrailEntry[],
  stored: { beforeMs: number; actor: string | null; note: string | null },
): PauseFact {
  const index = trail.findLastIndex((entry) => isPause(entry) && entry.atMs <= stored.beforeMs + ENTRY_DELAY_MS);
  const pause = trail[index];
  if (pause === undefined) {
    const { actor, note } = stored;
    return { entryId: null, at: null, actor, note, until: null, resumedAt: null, resumedBy: null };
  }
  const resume = trail.slice(index + 1).find(isResume);
  return {
    entryId: pause.entryId,
    at: isoOf(pause.atMs),
    actor: pause.actor,
    note: pause.note ?? stored.note,
    until: pause.after.until ?? null,
    resumedAt: resume ? isoOf(resume.atMs) : null,
    resumedBy: resume?.actor ?? null,
  };
}

/** The edit that skipped an occurrence at `endedMs`; null if the trail does not have the edit. */
export function editAt(trail: readonly TrailEntry[], endedMs: number): ChangeFact | null {
  const edit = trail.find(
    (entry) => entry.action === "schedule.edit" && Math.abs(entry.atMs - endedMs) <= ENTRY_DELAY_MS,
  );
  return edit ? changeFact(edit) : null;
}

export function changeFact({ entryId, atMs, actor, after }: TrailEntry): ChangeFact {
  return { entryId, at: isoOf(atMs), actor, version: after.version ?? null };
}

const isoOf = (ms: number) => new Date(ms).toISOString();
