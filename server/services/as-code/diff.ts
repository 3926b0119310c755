import { timeDifference } from "~/server/domain/as-code/time-difference";
import type { Schedule } from "~/server/domain/schedule";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { isoOrNull } from "../schedules/view";
import type { DocumentInput } from "./inputs";
import { type DocumentPlan, type FieldChange, planDocument } from "./plan";

/** One schedule that a document adds, changes or removes. Times are ISO 8601, null for none. */
export interface EntryDifference {
  name: string | null;
  /** The index in the document's list; null for a removal. */
  index: number | null;
  /** Null for an addition. */
  scheduleId: string | null;
  fields: FieldChange[];
  /** Whether an existing schedule belonged to no document before. */
  adopted: boolean;
  /** Whether the schedule was edited outside of its document. */
  edited: boolean;
  runsBefore: number;
  runsAfter: number;
  nextBefore: string | null;
  nextAfter: string | null;
  /** The difference in time, in words. */
  difference: string;
}

/** What a document changes, or has changed. */
export interface DocumentDifference {
  owner: string;
  adds: EntryDifference[];
  changes: EntryDifference[];
  /** Schedules of the owner that the document does not have. They are deleted only with `prune`. */
  removals: EntryDifference[];
  unchanged: number;
}

/**
 * Compares a document with the stored schedules of its owner, and changes nothing. Throws the errors of
 * `planDocument`.
 */
export async function diffDocument(call: { ctx: Ctx; input: DocumentInput }): Promise<DocumentDifference> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  return differenceOf(ctx, input.owner, await planDocument(ctx, input));
}

export function differenceOf({ deps }: Ctx, owner: string, plan: DocumentPlan): DocumentDifference {
  const nowMs = deps.clock.now();
  return {
    owner,
    adds: plan.adds.map(({ index, placed }) => entryDifference({ index, before: null, after: placed.schedule, nowMs })),
    changes: plan.changes.map(({ index, before, fields, ownership, edit }) => ({
      ...entryDifference({ index, before, after: edit.change.schedule, nowMs }),
      fields,
      adopted: ownership === null,
      edited: ownership?.isEdited ?? false,
    })),
    removals: plan.removals.map((before) => entryDifference({ index: null, before, after: null, nowMs })),
    unchanged: plan.unchanged,
  };
}

function entryDifference(input: {
  index: number | null;
  before: Schedule | null;
  after: Schedule | null;
  nowMs: number;
}): EntryDifference {
  const { index, before, after } = input;
  const { text, nextBefore, nextAfter, ...runs } = timeDifference(before, after, input.nowMs);
  return {
    name: (after ?? before)?.name ?? null,
    index,
    scheduleId: before?.scheduleId ?? null,
    ...{ fields: [], adopted: false, edited: false },
    ...runs,
    nextBefore: isoOrNull(nextBefore),
    nextAfter: isoOrNull(nextAfter),
    difference: text,
  };
}
