import { editedSource } from "~/server/domain/as-code/ownership";
import { byHalves } from "~/server/domain/by-halves";
import type { ScheduleChange } from "~/server/domain/changes/change";
import { deleteChange, pauseChange, resumeChange, retagChange } from "~/server/domain/changes/changes";
import { decideEdit } from "~/server/domain/changes/edit";
import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { bulkRunKey } from "~/server/domain/ids";
import { spreadTimes } from "~/server/domain/load/spread";
import type { Schedule } from "~/server/domain/schedule";
import type { PutResult } from "~/server/ports/hot/schedules";
import type { Deps } from "../ctx";
import { KEY_RETENTION_MS } from "../idempotency";
import { findSchedules } from "../newest-schedules";
import { editRefusal } from "../schedules/owned-by-code";
import { storePauseEnd } from "../schedules/pause-ends";
import { scopedDeps } from "../scoped/scoped-deps";
import { changeEntry, failuresEntry, runEntry } from "./audit-entries";
import { decideItems } from "./decide-items";
import { entryOf } from "./job";
import { activeJob, addFailure, type BulkJob, loadJob, saveJob, storeUndo, type UndoEntry, undoEntries } from "./jobs";

/** Schedules per step. A Lua call blocks Redis for a few ms, and firing continues between two calls. */
const SCHEDULES_STEP = 500;
/** Executions per step. Fewer than schedules, because each execution is looked up by itself. */
const EXECUTIONS_STEP = 50;

/** `undo` is null if the change cannot be undone. */
type Change = { put: ScheduleChange; undo: UndoEntry | null };

/**
 * Runs one step of the oldest job. A step that is repeated because its worker died skips schedules that it has already
 * changed; it counts runs and decisions that it has already made as changed. A schedule or an execution whose data is
 * bad is a failure of its own and does not stop the job. Returns false if it found no job to run.
 */
export async function runBulkStep(deps: Deps): Promise<boolean> {
  const job = await activeJob(deps);
  if (job === null) return false;
  if (await deps.bulkJobs.isAborted(job.jobId)) {
    await end(deps, job, "aborted");
    return true;
  }
  job.startedAt ??= deps.clock.now();
  job.status = "running";
  const targetsExecutions = job.action === "replay" || job.action === "discard";
  const ids = await deps.bulkJobs.ids(job.jobId, job.done, targetsExecutions ? EXECUTIONS_STEP : SCHEDULES_STEP);
  if (ids.length > 0) {
    // Checks the scope again, because a schedule may have got another topic since the job was started.
    const own = job.scope === null ? deps : scopedDeps(deps, job.scope);
    await (targetsExecutions ? decideItems(own, job, ids) : processSchedules(own, job, ids));
    job.done += ids.length;
  }
  if (job.done >= job.total || ids.length === 0) await end(deps, job, "done");
  else await saveJob(deps, job);
  return true;
}

async function processSchedules(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  const rows = await findSchedules(deps, ids);
  await (job.action === "execute" ? execute(deps, job, ids, rows) : change(deps, job, ids, rows));
}

async function end(deps: Deps, job: BulkJob, status: "done" | "aborted"): Promise<void> {
  if (job.failed > 0) await deps.hot.append(DOCUMENT_KIND.auditEntry, failuresEntry(deps, job));
  await saveJob(deps, { ...job, status, endedAt: deps.clock.now() });
  await deps.bulkJobs.removeFromActive(job.jobId);
}

async function change(
  deps: Deps,
  job: BulkJob,
  ids: readonly string[],
  rows: ReadonlyMap<string, Schedule>,
): Promise<void> {
  const undoneJob = job.undoOf === null ? null : await loadJob(deps, job.undoOf);
  const undos = job.undoOf === null ? null : await undoEntries(deps, job.undoOf);
  const plannedChange = (current: Schedule | undefined) => {
    if (current === undefined || current.state.deleted) return null;
    if (undoneJob === null || undos === null) {
      return asEditOutsideOfDocument(deps, job.action, current, changeOf(deps, job, current));
    }
    const entries = undos.get(current.scheduleId) ?? [];
    const undo = undoChange(deps, { undoneJob, current, entries, actor: job.actor });
    return asEditOutsideOfDocument(deps, undoneJob.action, current, undo);
  };
  const changes: Change[] = [];
  for (const id of ids) {
    const change = resultOf(() => plannedChange(rows.get(id)));
    if (change === null) job.skipped += 1;
    else if (typeof change === "string") addFailure(job, id, change);
    else changes.push(change);
  }
  const entries = changes.flatMap(({ put, undo }) => (undo ? [{ ...undo, updatedAt: put.schedule.updatedAt }] : []));
  await storeUndo(deps, { jobId: job.jobId, step: job.done, entries });
  const puts = changes.map(({ put }) => {
    const current = rows.get(put.schedule.scheduleId) as Schedule;
    return { ...put, documents: [changeEntry(deps, job, { current, changed: put.schedule })] };
  });
  const offenders = await byHalves(puts, async (part) => {
    const results = await deps.hot.putMany(part);
    for (const [i, result] of results.entries()) await finishChange(deps, job, part[i] as ScheduleChange, result);
  });
  for (const { item, error } of offenders) addFailure(job, item.schedule.scheduleId, reasonOf(error));
}

/** Returns what `change` returns, or the reason if a schedule's data, such as an invalid cron, prevents the change. */
function resultOf(change: () => Change | string | null): Change | string | null {
  try {
    return change();
  } catch (error) {
    if (!isDataFault(error)) throw error;
    return reasonOf(error);
  }
}

const DEFINING: ReadonlySet<BulkJob["action"]> = new Set(["delete", "retag", "spread"]);

/**
 * Marks a schedule of a document as edited, if the action changes its definition. Returns the reason if the settings
 * refuse such an edit.
 */
function asEditOutsideOfDocument(deps: Deps, action: BulkJob["action"], current: Schedule, change: Change | null) {
  if (change === null || !DEFINING.has(action)) return change;
  const refusal = editRefusal(current, deps.settings.current());
  if (refusal !== null) return refusal;
  const { put, undo } = change;
  return { put: { ...put, schedule: { ...put.schedule, ...editedSource(current) } }, undo };
}

/** Returns the job's change of a schedule, or null if the schedule needs or allows none. */
function changeOf(deps: Deps, job: BulkJob, current: Schedule): Change | null {
  const base = { current, nowMs: deps.clock.now(), actor: job.actor, settings: deps.settings.current() };
  const undo: UndoEntry = {
    scheduleId: current.scheduleId,
    version: current.version + 1,
    tags: current.tags,
    note: current.pauseNote,
    untilMs: current.pausedUntil,
    times: null,
  };
  switch (job.action) {
    case "pause":
      if (!current.enabled || current.state.completed) return null;
      return { put: pauseChange({ ...base, note: job.note, untilMs: job.untilMs }), undo };
    case "resume":
      if (current.enabled || current.state.completed) return null;
      return { put: resumeChange({ ...base, missed: job.missed ?? undefined }), undo };
    case "delete":
      return { put: deleteChange(base), undo: null };
    case "spread": {
      const times = current.state.completed ? null : spreadTimes(current, job);
      if (times === null) return null;
      const { cronExpression, jitterSeconds } = current;
      const put = decideEdit({ ...base, built: { ...current, ...times } });
      return { put, undo: { ...undo, times: { cronExpression, jitterSeconds } } };
    }
    default: {
      const tags = retagged(current.tags, job);
      return tags === null ? null : { put: retagChange({ ...base, tags }), undo };
    }
  }
}

/** Returns the tags after the job, or null if the job does not change them. */
function retagged(tags: readonly string[], job: BulkJob): string[] | null {
  const wanted = [...new Set([...tags.filter((tag) => !job.removeTags.includes(tag)), ...job.addTags])];
  return JSON.stringify(wanted) === JSON.stringify(tags) ? null : wanted;
}

/** Returns the reverse of the job's change, or null if the schedule has changed since. */
function undoChange(
  deps: Deps,
  input: { undoneJob: BulkJob; current: Schedule; entries: readonly UndoEntry[]; actor: string },
): Change | null {
  const { undoneJob, current, actor } = input;
  const entry = entryOf(input.entries, current);
  if (entry === undefined) return null;
  const base = { current, nowMs: deps.clock.now(), actor, settings: deps.settings.current() };
  if (undoneJob.action === "spread") {
    if (entry.times === null) return null;
    return { put: decideEdit({ ...base, built: { ...current, ...entry.times } }), undo: null };
  }
  if (undoneJob.action === "retag") return { put: retagChange({ ...base, tags: entry.tags }), undo: null };
  const put =
    undoneJob.action === "pause"
      ? resumeChange({ ...base, missed: undefined })
      : pauseChange({ ...base, note: entry.note, untilMs: entry.untilMs });
  return { put, undo: null };
}

/** Counts the result of a change. If the change was stored, frees the name or stores the end of the pause. */
async function finishChange(deps: Deps, job: BulkJob, put: ScheduleChange, result: PutResult): Promise<void> {
  const { scheduleId, name } = put.schedule;
  if (result.status === "stored") {
    job.changed += 1;
    if (put.schedule.state.deleted && name !== null) await deps.hot.releaseName({ name, scheduleId });
    if (put.schedule.pausedUntil !== null) await storePauseEnd(deps, put.schedule);
    return;
  }
  if (result.status !== "answered") addFailure(job, scheduleId, REASONS[result.status]);
}

const REASONS = {
  stale: "The schedule was changed by somebody else at the same time.",
  in_flight: "The run of the one-time schedule is in flight.",
  deleted: "The schedule was deleted.",
  // Only a create gets this result.
  exists: "The schedule exists already.",
} as const;

async function execute(
  deps: Deps,
  job: BulkJob,
  ids: readonly string[],
  rows: ReadonlyMap<string, Schedule>,
): Promise<void> {
  const nowMs = await deps.hot.now();
  const keys = new Map(ids.map((id) => [id, bulkRunKey(id, job.jobId)]));
  // If Redis lost the answers below, ask the ledger.
  const ended = job.restored ? await deps.store.settledKeys([...keys.values()]) : new Set<string>();
  for (const id of ids) {
    const schedule = rows.get(id);
    if (schedule === undefined || schedule.state.deleted) {
      job.skipped += 1;
      continue;
    }
    const key = keys.get(id) as string;
    const instance = { key, nominalMs: nowMs, effectiveMs: nowMs, trigger: "manual" as const };
    try {
      if (!ended.has(key)) {
        // The answer is stored together with the run, so a repeated step adds each missing run and no other. It costs
        // about 270 bytes of Redis for each run. A step may be repeated after an outage of hours, hence the day.
        await deps.hot.enqueueOnce({
          schedule,
          instance: { ...instance, actor: job.actor, lane: null },
          entry: runEntry(deps, job, { schedule, key }),
          answer: { name: key, value: "added", ttlMs: KEY_RETENTION_MS },
        });
      }
      job.changed += 1;
    } catch (error) {
      if (!isDataFault(error)) throw error;
      addFailure(job, id, reasonOf(error));
    }
  }
}
