import { isDataFault } from "~/server/domain/data-fault";
import { type Cadence, withinRuns } from "~/server/domain/load/expected";
import type { RecurrenceSpec } from "~/server/domain/recurrence";
import { openRecurrence } from "~/server/domain/recurrence/spec";
import type { LoadFilter, LoadSpan, RecurrenceGroup, RecurrenceGroups } from "~/server/ports/store/load";
import type { Store } from "~/server/ports/store/store";
import { createYielder } from "~/server/timing/yield-to-event-loop";
import type { Deps } from "../ctx";
import { createSharedAnswers, type SharedAnswers } from "./shared-answers";

const HOUR_MS = 3_600_000;
/** Maximum number of enabled groups, and of paused groups, in one answer. */
const MAX_GROUPS = 5000;

export type Group = RecurrenceGroup & Cadence;

/** The groups of a span. Groups whose times cannot be computed are left out. */
export interface Groups {
  groups: Group[];
  /** The requested span, extended to whole hours. Group keys are valid only for this span. */
  span: LoadSpan;
  /** The number of schedules that may fire in the span. */
  schedules: number;
  /** The number of schedules in `groups`. */
  counted: number;
}

export interface GroupsByState {
  enabled: Groups;
  paused: Groups;
  /** When the groups were read, epoch ms. */
  atMs: number;
}

const answersOf = new WeakMap<Store, SharedAnswers>();

export function sharedAnswers(deps: Deps): SharedAnswers {
  const known = answersOf.get(deps.store.shared) ?? createSharedAnswers(() => deps.clock.now());
  answersOf.set(deps.store.shared, known);
  return known;
}

interface Wanted extends LoadSpan {
  filter: LoadFilter;
  /** Also counts the schedules by tag. */
  tags?: boolean;
}

/**
 * Returns the largest groups of schedules with equal times. A cached answer may be some minutes old. With `fresh`,
 * waits for a new answer instead of using a stale one.
 */
export async function groupsIn(deps: Deps, wanted: Wanted, options = { fresh: false }): Promise<GroupsByState> {
  // Whole hours, so that calls with a moving range share an answer.
  const fromMs = Math.floor(wanted.fromMs / HOUR_MS) * HOUR_MS;
  const toMs = Math.ceil(wanted.toMs / HOUR_MS) * HOUR_MS;
  const extended = { ...wanted, fromMs, toMs };
  const key = `groups ${JSON.stringify(extended)}`;
  const { value, atMs } = await sharedAnswers(deps).get(key, () => readGroups(deps, extended), options);
  return { ...value, atMs };
}

async function readGroups(deps: Deps, wanted: Wanted): Promise<Omit<GroupsByState, "atMs">> {
  const { fromMs, toMs, filter, tags } = wanted;
  const nowMs = deps.clock.now();
  // Several callers wait for this answer, so an aborted request must not cancel the query.
  const input = { fromMs, toMs, filter, tags, limit: MAX_GROUPS };
  const { enabled, paused } = await deps.store.shared.recurrenceGroups(input);
  const yieldIfDue = createYielder();
  const withSpecs = async ({ groups: found, schedules }: RecurrenceGroups): Promise<Groups> => {
    const groups: Group[] = [];
    for (const group of found) {
      const spec = specOf(group);
      const { runsLeft } = group;
      if (spec !== null) groups.push({ ...group, spec: withinRuns(spec, { runsLeft, nowMs, untilMs: toMs }) });
      const turn = yieldIfDue();
      if (turn) await turn;
    }
    const counted = groups.reduce((sum, one) => sum + one.schedules, 0);
    return { groups, span: { fromMs, toMs }, schedules, counted };
  };
  return { enabled: await withSpecs(enabled), paused: await withSpecs(paused) };
}

/** Returns the spec of a group; null if its times cannot be computed. */
export function specOf(group: Omit<RecurrenceGroup, "key" | "topics" | "tags">): RecurrenceSpec | null {
  const { cronExpression, timezone, dstGap, dstOverlap, startAt, endAt } = group;
  const spec = { cronExpression, timezone, dstGap, dstOverlap, startAt, endAt };
  try {
    openRecurrence(spec);
    return spec;
  } catch (error) {
    if (isDataFault(error)) return null;
    throw error;
  }
}
