import { decideEdit } from "~/server/domain/changes/edit";
import type { Schedule, ScheduleInput } from "~/server/domain/schedule";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx } from "../ctx";
import { mayHaveBeenKept } from "../in-doubt";
import { buildSchedule } from "./build";
import { currentSchedule, requireVersion } from "./current";
import { unconfirmed } from "./durable";
import { withoutEarlier } from "./earlier-rows";
import type { MergeScheduleInput, PatchScheduleInput, ReplaceScheduleInput } from "./inputs";
import { releaseUnused, reserveName } from "./names";
import { mergedDefinition, patchedDefinition } from "./patched";
import { putEdit } from "./put-edit";
import { retryOvertaken } from "./retry-overtaken";
import { scheduleView } from "./view";

/** PUT: replaces the definition; omitted fields take their defaults. Throws what `editOnce` throws. */
export async function replaceSchedule(call: { ctx: Ctx; input: ReplaceScheduleInput }): Promise<ScheduleView> {
  return edit({ ...call, definition: () => call.input.replace });
}

/** PATCH: omitted fields stay as they are. Throws what `editOnce` throws. */
export async function patchSchedule(call: { ctx: Ctx; input: PatchScheduleInput }): Promise<ScheduleView> {
  return edit({ ...call, definition: (current) => patchedDefinition(current, call.input.patch) });
}

/** PATCH by RFC 7396: edits to the merged document. Throws what `editOnce` throws. */
export async function mergeSchedule(call: { ctx: Ctx; input: MergeScheduleInput }): Promise<ScheduleView> {
  return edit({ ...call, definition: (current) => mergedDefinition(current, call.input.mergePatch) });
}

function edit(call: Parameters<typeof editOnce>[0]): Promise<ScheduleView> {
  return retryOvertaken(call.input.expectedVersion, () => editOnce(call));
}

/**
 * Edits a schedule atomically: either the old or the new version fires. Throws `version_stale`, `name_taken`,
 * `conflict` for a one-time schedule that is running or over, and `may_have_been_kept` if ClickHouse does not confirm
 * the edit.
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
  const actor = principal.email ?? principal.name;
  const change = decideEdit({ current, built, nowMs, actor, settings });
  const edited = change.schedule;
  // Reserve the name last, so that a refused edit does not hold it.
  if (edited.name !== current.name) await reserveName(deps, edited);
  const stored = await withoutEarlier(deps, current, change)
    .then((rest) => putEdit(deps, rest))
    .catch(async (error) => {
      if (edited.name !== current.name) await releaseUnused(deps, edited);
      throw error;
    });
  if (current.name !== edited.name) await releaseUnused(deps, current);
  if (change.placement.tier === "clickhouse") {
    const missing = await unconfirmed(ctx, [{ scheduleId: stored.scheduleId, revision: stored.state.revision }]);
    if (missing.size > 0) throw mayHaveBeenKept("The change");
  }
  await writeAudit(ctx, {
    action: "schedule.edit",
    target: current.scheduleId,
    note: principal.via,
    ...changedFields(current, stored),
  });
  return scheduleView(stored);
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
