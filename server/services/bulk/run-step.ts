import { deleteChange, pauseChange, resumeChange, retagChange } from "~/server/domain/changes/changes";
import { bulkRunKey } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import type { PutInput, PutResult } from "~/server/ports/hot/schedules";
import type { Deps } from "../ctx";
import { findSchedules } from "../schedules/current";
import { notePauseEnd } from "../schedules/pause-ends";
import { carryOut } from "./carry-out";
import { activeJob, type BulkJob, loadJob, noteFailure, noteUndo, saveJob, type UndoEntry, undoEntries } from "./jobs";

/** Schedules per step: one Lua call blocks Redis for a few ms, and live firing continues between two calls. */
const STEP = 500;
/** Executions per step. Each one takes a lookup. */
const EXECUTIONS_STEP = 50;

type Change = { put: PutInput; undo: UndoEntry | null };

/**
 * Runs one step of the oldest job. A step that is repeated because its worker died skips schedules that are changed
 * already. Returns whether there is more to do at once.
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
  const ids = await deps.bulkJobs.ids(job.jobId, job.done, targetsExecutions ? EXECUTIONS_STEP : STEP);
  if (ids.length > 0) {
    await (targetsExecutions ? carryOut(deps, job, ids) : step(deps, job, ids));
    job.done += ids.length;
  }
  if (job.done >= job.total || ids.length === 0) await end(deps, job, "done");
  else await saveJob(deps, job);
  return true;
}

async function step(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  const rows = await findSchedules(deps, ids);
  await (job.action === "execute" ? execute(deps, job, ids, rows) : change(deps, job, ids, rows));
}

async function end(deps: Deps, job: BulkJob, status: "done" | "aborted"): Promise<void> {
  await saveJob(deps, { ...job, status, endedAt: deps.clock.now() });
  await deps.bulkJobs.leaveActive(job.jobId);
}

async function change(
  deps: Deps,
  job: BulkJob,
  ids: readonly string[],
  rows: ReadonlyMap<string, Schedule>,
): Promise<void> {
  const source = job.undoOf === null ? null : await loadJob(deps, job.undoOf);
  const undos = job.undoOf === null ? null : await undoEntries(deps, job.undoOf);
  const changes: Change[] = [];
  for (const id of ids) {
    const current = rows.get(id);
    const change =
      current === undefined || current.state.deleted
        ? null
        : source && undos
          ? undoChange(deps, { source, current, entries: undos.get(id) ?? [], actor: job.actor })
          : changeOf(deps, job, current);
    if (change === null) job.skipped += 1;
    else changes.push(change);
  }
  const entries = changes.flatMap(({ undo }) => undo ?? []);
  await noteUndo(deps, { jobId: job.jobId, step: job.done, entries });
  const results = await deps.hot.putMany(changes.map(({ put }) => put));
  for (const [i, result] of results.entries()) await settle(deps, job, (changes[i] as Change).put, result);
}

function changeOf(deps: Deps, job: BulkJob, current: Schedule): Change | null {
  const base = { current, nowMs: deps.clock.now(), actor: job.actor, settings: deps.settings.current() };
  const undo: UndoEntry = {
    scheduleId: current.scheduleId,
    version: current.version + 1,
    tags: current.tags,
    note: current.pauseNote,
    untilMs: current.pausedUntil,
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
    default: {
      const tags = retagged(current.tags, job);
      return tags === null ? null : { put: retagChange({ ...base, tags }), undo };
    }
  }
}

function retagged(tags: readonly string[], job: BulkJob): string[] | null {
  const wanted = [...new Set([...tags.filter((tag) => !job.removeTags.includes(tag)), ...job.addTags])];
  return JSON.stringify(wanted) === JSON.stringify(tags) ? null : wanted;
}

/** The reverse of the job's change, or null if the schedule has changed since. */
function undoChange(
  deps: Deps,
  input: { source: BulkJob; current: Schedule; entries: readonly UndoEntry[]; actor: string },
): Change | null {
  const { source, current, actor } = input;
  const entry = input.entries.find((one) => one.version === current.version);
  if (entry === undefined) return null;
  const base = { current, nowMs: deps.clock.now(), actor, settings: deps.settings.current() };
  if (source.action === "retag") return { put: retagChange({ ...base, tags: entry.tags }), undo: null };
  const put =
    source.action === "pause"
      ? resumeChange({ ...base, missed: undefined })
      : pauseChange({ ...base, note: entry.note, untilMs: entry.untilMs });
  return { put, undo: null };
}

async function settle(deps: Deps, job: BulkJob, put: PutInput, result: PutResult): Promise<void> {
  const { scheduleId, name } = put.schedule;
  if (result.status === "stored") {
    job.changed += 1;
    if (put.schedule.state.deleted && name !== null) await deps.hot.releaseName({ name, scheduleId });
    if (put.schedule.pausedUntil !== null) await notePauseEnd(deps, put.schedule);
    return;
  }
  if (result.status !== "answered") noteFailure(job, scheduleId, REASONS[result.status]);
}

const REASONS = {
  stale: "The schedule was changed by somebody else at the same time.",
  in_flight: "The one-time schedule is being published.",
  deleted: "The schedule was deleted.",
  exists: "The schedule no longer exists.",
} as const;

async function execute(
  deps: Deps,
  job: BulkJob,
  ids: readonly string[],
  rows: ReadonlyMap<string, Schedule>,
): Promise<void> {
  const nowMs = await deps.hot.now();
  const keys = new Map(ids.map((id) => [id, bulkRunKey(id, job.jobId)]));
  // Redis lists the executed schedules. If that list was lost, ask the ledger.
  const ended = job.restored ? await deps.store.settledKeys([...keys.values()]) : new Set<string>();
  for (const id of ids) {
    const schedule = rows.get(id);
    const key = keys.get(id) as string;
    // A repeated step must not run a schedule twice.
    const mayRun = schedule && !schedule.state.deleted && !ended.has(key);
    if (!mayRun || !(await deps.bulkJobs.firstRun(job.jobId, id))) {
      job.skipped += 1;
      continue;
    }
    const instance = { key, nominalMs: nowMs, effectiveMs: nowMs, trigger: "manual" as const };
    await deps.hot.enqueue({ schedule, instance: { ...instance, actor: job.actor, lane: null } });
    job.changed += 1;
  }
}
