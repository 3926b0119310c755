import { AppError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import { eventId } from "~/server/domain/ids";
import { headersView } from "~/server/domain/message-headers";
import type { ExecutionView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { iso, payloadJson } from "../schedules/view";
import type { ExecutionId } from "./inputs";
import { executionView, replayOf } from "./view";

const SCAN_LIMIT = 2000;

/** Returns an execution with its attempts: ended, in the outbox, or still running. Throws `not_found`. */
export async function getExecution(call: { ctx: Ctx; input: ExecutionId }): Promise<ExecutionView> {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const { executionId } = call.input;
  const ended = await findEnded(deps, executionId);
  if (ended !== null) return executionView(ended);
  const running = (await deps.hot.running({ limit: SCAN_LIMIT })).find((one) => eventId(one.key) === executionId);
  if (running === undefined) throw new AppError("not_found", `No execution has the id ${executionId}.`);
  return runningView(executionId, running);
}

/** Returns an ended execution from the outbox or ClickHouse, or null. */
export async function findEnded(deps: Deps, executionId: string): Promise<StoredExecution | null> {
  const { executions } = await deps.hot.unflushed({ limit: SCAN_LIMIT });
  return executions.find((row) => row.executionId === executionId) ?? deps.store.getExecution(executionId);
}

type Running = Awaited<ReturnType<Deps["hot"]["running"]>>[number];

function runningView(executionId: string, one: Running): ExecutionView {
  const { schedule, attempts } = one;
  const last = attempts.at(-1);
  return {
    executionId,
    key: one.key,
    replayOf: replayOf(one.key),
    scheduleId: schedule.scheduleId,
    scheduleName: schedule.name,
    scheduleVersion: schedule.version,
    trigger: one.trigger,
    status: one.leasedUntilMs !== null ? "running" : attempts.length > 0 ? "retrying" : "pending",
    reason: null,
    topic: schedule.topic,
    entityType: schedule.entityType,
    entityId: schedule.entityId,
    action: schedule.action,
    source: schedule.source,
    correlationId: schedule.correlationId,
    priority: schedule.priority,
    scheduledFor: iso(one.nominalMs),
    effectiveAt: iso(one.effectiveMs),
    firedAt: null,
    endedAt: null,
    latenessMs: 0,
    late: false,
    publishMs: null,
    error: last?.error ?? null,
    errorClass: last?.errorClass ?? null,
    workerId: last?.workerId ?? "",
    partition: null,
    offset: null,
    note: null,
    actor: null,
    tier: "redis",
    attemptCount: attempts.length,
    attempts: attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
    payload: payloadJson(schedule.payload),
    ...headersView(schedule.headers),
  };
}
