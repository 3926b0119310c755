import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { findSchedules } from "../newest-schedules";
import type { BulkItemsInput, BulkJobId } from "./inputs";
import { entryOf, type UndoEntry } from "./job";
import { undoEntries } from "./jobs";
import { UNDOABLE } from "./undo";
import { visibleJob } from "./visible";

/** `schedule` is null if the id is unknown, or is the id of an execution. */
export interface BulkItem {
  id: string;
  schedule:
    | (Pick<Schedule, "name" | "topic" | "entityType" | "action" | "entityId" | "enabled"> & { deleted: boolean })
    | null;
}

/** Returns one page of a job's items, in the order in which they are changed. Throws `not_found`. */
export async function listBulkItems(call: {
  ctx: Ctx;
  input: BulkItemsInput;
}): Promise<{ items: BulkItem[]; total: number }> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const { jobId, from, limit } = call.input;
  const job = await visibleJob(call.ctx, jobId);
  const ids = await deps.bulkJobs.ids(jobId, from, limit);
  const areExecutions = job.action === "replay" || job.action === "discard";
  const rows = areExecutions ? new Map<string, Schedule>() : await findSchedules(deps, ids);
  return { items: ids.map((id) => ({ id, schedule: viewOf(rows.get(id)) })), total: job.total };
}

function viewOf(row: Schedule | undefined): BulkItem["schedule"] {
  if (row === undefined) return null;
  const { name, topic, entityType, action, entityId, enabled, state } = row;
  return { name, topic, entityType, action, entityId, enabled, deleted: state.deleted };
}

/** Maximum number of changes that a preview compares with the current schedules. */
const MAX_CHECKED = 1000;

export interface UndoPreview {
  changes: number;
  /** The number of changes that were compared with the current schedules. */
  checked: number;
  /** The number of checked schedules that were changed or deleted after the job. An undo does not change them. */
  changedSince: number;
}

/** Previews `undoBulk`. Throws `not_found`, and `conflict` if jobs of this action cannot be undone. */
export async function previewUndo(call: { ctx: Ctx; input: BulkJobId }): Promise<UndoPreview> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const job = await visibleJob(call.ctx, call.input.jobId);
  if (!UNDOABLE.includes(job.action)) throw new AppError("conflict", `A bulk ${job.action} cannot be undone.`);
  const entries = await undoEntries(deps, job.jobId);
  const sample = [...entries].slice(0, MAX_CHECKED);
  return { changes: entries.size, checked: sample.length, changedSince: await countChanged(deps, sample) };
}

async function countChanged(deps: Deps, sample: readonly (readonly [string, readonly UndoEntry[]])[]): Promise<number> {
  const rows = await findSchedules(
    deps,
    sample.map(([id]) => id),
  );
  return sample.filter(([id, entries]) => {
    const row = rows.get(id);
    return row === undefined || row.state.deleted || entryOf(entries, row) === undefined;
  }).length;
}
