import { auditName } from "~/server/domain/audit/audit-name";
import { eventId, manualKey, sourceScheduleId } from "~/server/domain/ids";
import { newScheduleId } from "~/server/new-schedule-id";
import { requireRight } from "../access/require-right";
import { auditDocument } from "../audit";
import type { Ctx } from "../ctx";
import { decodeAnswer, encodeAnswer, KEY_RETENTION_MS, keyedRequest } from "../idempotency";
import { inDoubt } from "../in-doubt";
import { currentSchedule } from "./current";
import type { ExecuteScheduleInput } from "./inputs";

export interface Started {
  executionId: string;
  wasPaused: boolean;
}

/**
 * Starts a manual run, even if the schedule is paused or completed. Under an idempotency key the schedule runs once.
 * Throws `not_found` and `may_have_been_kept`.
 */
export async function executeSchedule(call: { ctx: Ctx; input: ExecuteScheduleInput }): Promise<Started> {
  const { ctx } = call;
  const { idempotencyKey, scheduleId } = call.input;
  const principal = requireRight(ctx, "schedules:run");
  const { hot, clock } = ctx.deps;
  const keyed = keyedRequest({ ctx, call: `schedule.execute:${scheduleId}`, key: idempotencyKey, request: null });
  const known = keyed && (await hot.answers.read({ shard: hot.shardOf(scheduleId), name: keyed.name }));
  if (keyed && known) return decodeAnswer(keyed, known, clock.now()).body as Started;
  const schedule = await currentSchedule(ctx.deps, scheduleId);
  // By the clock of Redis, because claims compare due times with it.
  const nowMs = await hot.now();
  const window = Math.floor(nowMs / KEY_RETENTION_MS);
  const key = manualKey(
    scheduleId,
    keyed ? sourceScheduleId("idempotency", `${keyed.name}:${window}`) : newScheduleId(),
  );
  const started: Started = { executionId: eventId(key), wasPaused: !schedule.enabled };
  const { json: entry } = auditDocument(ctx, {
    action: "schedule.execute",
    target: scheduleId,
    targetName: auditName(schedule),
    after: { executionId: started.executionId },
  });
  const run = {
    schedule,
    entry,
    instance: {
      key,
      nominalMs: nowMs,
      effectiveMs: nowMs,
      trigger: "manual" as const,
      actor: principal.email ?? principal.name,
      lane: null,
    },
  };
  if (keyed === null) {
    await inDoubt("The run", hot.enqueue(run));
  } else {
    const value = encodeAnswer(keyed, { untilMs: null, body: started });
    const answer = { name: keyed.name, value, ttlMs: KEY_RETENTION_MS };
    const first = await inDoubt("The run", hot.enqueueOnce({ ...run, answer }));
    if (first.status === "answered") return decodeAnswer(keyed, first.answer, clock.now()).body as Started;
  }
  return started;
}
