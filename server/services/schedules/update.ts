import type { Execution } from "~/server/domain/execution";
import { overdueExecutions } from "~/server/domain/ledger";
import { type MessageHeaders, readableHeaders } from "~/server/domain/message-headers";
import { isRecurring, runsLeft } from "~/server/domain/plan";
import { PAST_GRACE_MS, type Schedule, type ScheduleInput } from "~/server/domain/schedule";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx } from "../ctx";
import { mayHaveBeenKept } from "../in-doubt";
import { buildSchedule } from "./build";
import { currentSchedule, requireVersion } from "./current";
import { unconfirmed } from "./durable";
import { withoutEarlier } from "./earlier-rows";
import type { MergeScheduleInput, PatchScheduleInput, ReplaceScheduleInput } from "./inputs";
import { releaseUnused, reserveName } from "./names";
import { mergedDefinition, patchedDefinition } from "./patched";
import { place } from "./place";
import { putEdit } from "./put-edit";
import { retryOvertaken } from "./retry-overtaken";
import { settleMissed } from "./settle-missed";
import { timesDiffer } from "./times";
import { scheduleView } from "./view";

/** PUT: the definition is exactly what is given; what is left out takes its default. */
export async function replaceSchedule(call: { ctx: Ctx; input: ReplaceScheduleInput }): Promise<ScheduleView> {
  return edit({ ...call, definition: () => call.input.replace });
}

/** PATCH: what is left out stays as it is. */
export async function patchSchedule(call: { ctx: Ctx; input: PatchScheduleInput }): Promise<ScheduleView> {
  return edit({ ...call, definition: (current) => patchedDefinition(current, call.input.patch) });
}

/** PATCH by RFC 7396: the merged document is what PUT would be given. */
export async function mergeSchedule(call: { ctx: Ctx; input: MergeScheduleInput }): Promise<ScheduleView> {
  return edit({ ...call, definition: (current) => mergedDefinition(current, call.input.mergePatch) });
}

function edit(call: Parameters<typeof editOnce>[0]): Promise<ScheduleView> {
  return retryOvertaken(call.input.expectedVersion, () => editOnce(call));
}

/**
 * An edit takes effect whole: the old version fires or the new one. Throws `version_stale`, `name_taken`, `conflict`
 * for a one-time schedule that is running or over, `may_have_been_kept` where ClickHouse does not confirm it.
 */
async function editOnce(call: {
  ctx: Ctx;
  input: { scheduleId: string; expectedVersion?: number };
  definition: (current: Schedule) => ScheduleInput;
}): Promise<ScheduleView> {
  const { ctx, input } = call;
  const principal = requireRight(ctx, "write");
  const { deps } = ctx;
  const current = await currentSchedule(deps, input.scheduleId);
  requireVersion(current, input.expectedVersion);
  const nowMs = deps.clock.now();
  const settings = deps.settings.current();
  const built = buildSchedule(call.definition(current), {
    scheduleId: current.scheduleId,
    nowMs,
    settings,
    source: current.source,
    sourceId: current.sourceId,
    createdBy: current.createdBy,
    current,
  });
  const timing = timesDiffer(current, built);
  const resumed = built.enabled && !current.enabled;
  const edited: Schedule = {
    ...built,
    rawValue: current.rawValue && built.payload === current.payload,
    headers: keptHeaders(current.headers, built.headers),
    createdAt: current.createdAt,
    pauseNote: built.enabled ? null : current.pauseNote,
    pausedBy: built.enabled ? null : current.pausedBy,
    // What the old times missed has its rows with this edit; the new ones miss from now on.
    pausedAt: built.enabled ? null : timing ? nowMs : (current.pausedAt ?? nowMs),
    plannedSince: timing || resumed ? nowMs : current.plannedSince,
    pausedUntil: built.enabled ? null : current.pausedUntil,
    version: current.version + 1,
    state: { ...current.state, revision: current.state.revision + 1 },
  };
  // A change of the times plans from now on (semantics §4.7); after other edits the plan continues where it was.
  const planned = current.state.nextExecution;
  const afterMs =
    edited.cronExpression === null ? nowMs - PAST_GRACE_MS - 1 : timing || planned === null ? nowMs : planned - 1;
  const actor = principal.email ?? principal.name;
  // Enabled by an edit is resumed: what it missed has its outcome by its policy, or none of it runs where its times are
  // others now.
  const missed =
    !current.enabled && isRecurring(current) && (timing || resumed)
      ? settleMissed({
          schedule: { ...current, maxRuns: edited.maxRuns },
          nowMs,
          missed: timing ? "none" : undefined,
          actor,
        })
      : null;
  const resumeMs = timing ? nowMs : missed?.afterMs;
  const placed = place({
    schedule: edited,
    afterMs: resumed ? (resumeMs ?? afterMs) : afterMs,
    nowMs,
    settings,
    caughtUp: missed?.instances.length,
  });
  // What was due and not yet claimed has its outcome here, where the plan goes on without it.
  const dropped = isRecurring(current) && current.enabled && (timing || !edited.enabled);
  const reason = timing ? "superseded_by_edit" : "paused";
  const overdue = dropped ? overdueExecutions({ schedule: current, nowMs, outcome: "skipped", reason, actor }) : [];
  const executions = missed
    ? missed.executions
    : [...overdue, ...endedByEdit({ current, edited, nowMs, actor, dropped })];
  const instances = missed?.instances ?? [];
  const put = { ...placed, expectedVersion: current.version, executions, instances };
  // Last before the write: whatever refuses the edit must not keep the name.
  if (edited.name !== current.name) await reserveName(deps, edited);
  const stored = await withoutEarlier(deps, current, put)
    .then((rest) => putEdit(deps, rest))
    .catch(async (error) => {
      if (edited.name !== current.name) await releaseUnused(deps, edited);
      throw error;
    });
  if (current.name !== edited.name) await releaseUnused(deps, current);
  if (placed.placement.tier === "clickhouse") {
    const missing = await unconfirmed(ctx, [{ scheduleId: stored.scheduleId, revision: stored.state.revision }]);
    if (missing.size > 0) throw mayHaveBeenKept("The change");
  }
  await recordAudit(ctx, {
    action: "schedule.edit",
    target: current.scheduleId,
    note: principal.via,
    ...changedFields(current, stored),
  });
  return scheduleView(stored);
}

/**
 * A lower `max_runs` that is used up already ends the schedule: what was due under the higher one and not claimed has
 * its row.
 */
function endedByEdit(given: {
  current: Schedule;
  edited: Schedule;
  nowMs: number;
  actor: string;
  dropped: boolean;
}): Execution[] {
  const { current, edited, nowMs, actor } = given;
  if (given.dropped || !isRecurring(current) || !current.enabled || runsLeft(edited, 0) !== 0) return [];
  const before = runsLeft(current, 0) ?? undefined;
  const reason = "schedule_ended";
  const rows = overdueExecutions({ schedule: current, nowMs, outcome: "skipped", reason, actor });
  return rows
    .filter((row) => row.reason !== reason)
    .concat(rows.filter((row) => row.reason === reason).slice(0, before));
}

/**
 * Headers that a caller sent back as they are shown are not changed: they keep the bytes that showing them leaves out.
 */
function keptHeaders(current: MessageHeaders, given: MessageHeaders): MessageHeaders {
  return JSON.stringify(readableHeaders(current)) === JSON.stringify(given) ? current : given;
}

function changedFields(
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
