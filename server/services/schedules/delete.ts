import { auditName } from "~/server/domain/audit/audit-name";
import { deleteChange } from "~/server/domain/changes/changes";
import { requireRight } from "../access/require-right";
import { auditDocument } from "../audit";
import type { Ctx } from "../ctx";
import { doneAnswer, keyedRequest, once, wasDone } from "../idempotency";
import { awaitFollowUp } from "../in-doubt";
import { currentSchedule, requireVersion } from "./current";
import { writeExcessLedgerRows } from "./excess-ledger-rows";
import type { DeleteScheduleInput } from "./inputs";
import { requireEditable } from "./owned-by-code";
import { putEdit } from "./put-edit";
import { retryLostRace } from "./retry-lost-race";

/**
 * Deletes a schedule and frees its name. Its history stays. Under an idempotency key, a repeat succeeds too. Throws
 * `not_found`, `version_stale`, `conflict` for a schedule of a document that must not be changed,
 * `may_have_been_kept`, and the codes of an idempotency key that was reused or is in progress.
 */
export async function deleteSchedule(call: { ctx: Ctx; input: DeleteScheduleInput }): Promise<void> {
  const { ctx } = call;
  requireRight(ctx, "schedules:delete");
  const { idempotencyKey: key, ...input } = call.input;
  const { scheduleId, expectedVersion = null } = input;
  const keyed = keyedRequest({ ctx, call: `schedule.delete:${scheduleId}`, key, request: expectedVersion });
  await once({ ctx, keyed }, async (seed) => {
    if (await wasDone(ctx.deps, { scheduleId, seed })) return null;
    await retryLostRace(input.expectedVersion, () => deleteOnce({ ctx, input, seed }));
    return null;
  });
}

async function deleteOnce(call: {
  ctx: Ctx;
  input: Omit<DeleteScheduleInput, "idempotencyKey">;
  seed: string | null;
}): Promise<void> {
  const { ctx, input, seed } = call;
  const principal = requireRight(ctx, "schedules:delete");
  const { deps } = ctx;
  const current = await currentSchedule(deps, input.scheduleId);
  requireVersion(current, input.expectedVersion);
  requireEditable(current, deps.settings.current());
  const nowMs = deps.clock.now();
  const actor = principal.email ?? principal.name;
  const put = deleteChange({ current, nowMs, actor, settings: deps.settings.current() });
  const { name, scheduleId, version } = current;
  const entry = auditDocument(ctx, {
    action: "schedule.delete",
    target: scheduleId,
    targetName: auditName(current),
    before: { name, version },
  });
  await putEdit(deps, {
    ...(await writeExcessLedgerRows(deps, current, put)),
    documents: [entry],
    answer: doneAnswer(seed),
  });
  if (name !== null) await awaitFollowUp("The change", deps.hot.releaseName({ name, scheduleId }));
}
