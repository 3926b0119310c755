import { z } from "zod";
import { DstGap, DstOverlap, type Schedule } from "../schedule";
import type { ChangeFact, PauseFact } from "./explanation";

/** What of a definition decides whether and when it fires; the audit entry of an edit has those that changed. */
const Fields = z
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
    /** Of a pause: its planned end. */
    until: z.string().nullable(),
  })
  .partial();

const Document = z.object({
  at: z.int(),
  target: z.string(),
  action: z.string(),
  actor: z.string(),
  note: z.string().nullish(),
  before: Fields.nullish().catch(null),
  after: Fields.nullish().catch(null),
});

/** The actions that say when a schedule could fire. */
export const TRAIL_ACTIONS = [
  "schedule.create",
  "schedule.edit",
  "schedule.pause",
  "schedule.resume",
  "schedule.delete",
] as const;
type TrailAction = (typeof TRAIL_ACTIONS)[number];

/** One change of a schedule. `atMs` is the moment from which it was in force, epoch ms. */
export interface TrailEntry {
  atMs: number;
  action: TrailAction;
  actor: string;
  note: string | null;
  before: z.infer<typeof Fields>;
  after: z.infer<typeof Fields>;
}

/** A stored audit document; null if it is not about when this schedule fires. Throws for text that is not such JSON. */
export function readTrailEntry(scheduleId: string, json: string): TrailEntry | null {
  const { at, target, action, actor, note, before, after } = Document.parse(JSON.parse(json));
  if (target !== scheduleId) return null;
  const known = TRAIL_ACTIONS.find((one) => one === action);
  if (known === undefined) return null;
  // The entry is written after the change, which may have waited for ClickHouse; an edit of times keeps its own moment.
  const atMs = known === "schedule.edit" ? (after?.plannedSince ?? at) : at;
  return { atMs, action: known, actor, note: note ?? null, before: before ?? {}, after: after ?? {} };
}

/** The definition that was in force at a time, as far as the trail tells. */
export interface InForce {
  schedule: Schedule;
  version: number | null;
  /** False: the times were changed after that moment, and the trail does not reach back to it. */
  isKnown: boolean;
}

/**
 * Takes back every edit that was made at `atMs` or later.
 * @param trail oldest first
 */
export function definitionAt(schedule: Schedule, trail: readonly TrailEntry[], atMs: number): InForce {
  let then = schedule;
  for (const { action, before } of trail.filter((entry) => entry.atMs >= atMs).reverse()) {
    const { until: _, ...fields } = before;
    if (action === "schedule.edit") then = { ...then, ...fields };
    else if (action === "schedule.delete") then = { ...then, version: before.version ?? then.version };
    else if (action !== "schedule.create") then = { ...then, version: then.version - 1 };
  }
  const reachesBack = trail.some((entry) => entry.atMs < atMs || entry.action === "schedule.create");
  const isKnown = reachesBack || then.plannedSince === null || then.plannedSince <= atMs;
  return { schedule: then, version: isKnown ? then.version : null, isKnown };
}

const isPause = ({ action, after }: TrailEntry) =>
  action === "schedule.pause" || (action === "schedule.edit" && after.enabled === false);
const isResume = ({ action, after }: TrailEntry) =>
  action === "schedule.resume" || (action === "schedule.edit" && after.enabled === true);
/** Between a change and its audit entry. */
const ENTRY_DELAY_MS = 10_000;

/** The pause that ended or skipped something at `endedMs`, by the row of the ledger where the trail is silent. */
export function pauseBefore(
  trail: readonly TrailEntry[],
  given: { endedMs: number; actor: string | null; note: string | null },
): PauseFact {
  const index = trail.findLastIndex((entry) => isPause(entry) && entry.atMs <= given.endedMs + ENTRY_DELAY_MS);
  const pause = trail[index];
  if (pause === undefined) {
    const { actor, note } = given;
    return { at: null, actor, note, until: null, resumedAt: null, resumedBy: null };
  }
  const resume = trail.slice(index + 1).find(isResume);
  return {
    at: isoOf(pause.atMs),
    actor: pause.actor,
    note: pause.note ?? given.note,
    until: pause.after.until ?? null,
    resumedAt: resume ? isoOf(resume.atMs) : null,
    resumedBy: resume?.actor ?? null,
  };
}

/** The edit that a row ended at `endedMs` belongs to; null if the trail does not have it. */
export function editAt(trail: readonly TrailEntry[], endedMs: number): ChangeFact | null {
  const edit = trail.find(
    (entry) => entry.action === "schedule.edit" && Math.abs(entry.atMs - endedMs) <= ENTRY_DELAY_MS,
  );
  return edit ? changeFact(edit) : null;
}

export function changeFact({ atMs, actor, after }: TrailEntry): ChangeFact {
  return { at: isoOf(atMs), actor, version: after.version ?? null };
}

const isoOf = (ms: number) => new Date(ms).toISOString();
