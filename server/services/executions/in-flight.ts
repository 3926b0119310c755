import { eventId } from "~/server/domain/ids";
import type { ExecutionState, InFlightExecution, InFlightPage } from "~/server/domain/views";
import type { InFlightRow, InFlightState } from "~/server/ports/hot/instances";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { iso, isoOrNull } from "../schedules/view";
import type { ListInFlightInput } from "./inputs";

/** Maximum number of rows per state and shard that an export reads, or that the search for one execution reads. */
export const SEARCH_LIMIT = 20_000;
const ALL_STATES = ["running", "held", "waiting"] as const satisfies readonly InFlightState[];

type Status = Extract<ExecutionState, "running" | "retrying" | "pending" | "held">;

const STATE_OF = {
  running: "running",
  held: "held",
  retrying: "waiting",
  pending: "waiting",
} as const satisfies Record<Status, InFlightState>;

/** Returns the matching executions in flight: the running executions, then the others, each by effective time. */
export async function listInFlight(call: { ctx: Ctx; input: ListInFlightInput }): Promise<InFlightPage> {
  requireRight(call.ctx, "executions:read");
  const { status, topic, scheduleId, limit } = call.input;
  const states = [...new Set(status?.length ? status.map((one) => STATE_OF[one]) : ALL_STATES)];
  const { rows, counts, isComplete } = await call.ctx.deps.hot.listInFlight({ states, topic, scheduleId, limit });
  const found = rows
    .filter((row) => !status?.length || status.includes(statusOf(row)))
    .sort((a, b) => rank(a) - rank(b) || a.effectiveMs - b.effectiveMs || (a.key < b.key ? -1 : 1));
  return {
    items: found.slice(0, limit).map(inFlightView),
    counts,
    isComplete: isComplete && found.length <= limit,
  };
}

/** Returns an execution in flight, or null. */
export async function findInFlight(
  deps: Deps,
  executionId: string,
): Promise<{ row: InFlightRow; view: InFlightExecution } | null> {
  const { rows } = await deps.hot.listInFlight({ states: ALL_STATES, limit: SEARCH_LIMIT });
  const row = rows.find((one) => eventId(one.key) === executionId);
  if (row === undefined) return null;
  // If the execution has ended since the list was read, only the row of the list is left. It has no payload.
  const { schedule, attempts } = (await deps.hot.instance(row.key)) ?? row;
  const withDetails = { ...row, schedule, attempts };
  return { row: withDetails, view: inFlightView(withDetails) };
}

const rank = (row: InFlightRow) => (row.state === "running" ? 0 : 1);

function statusOf({ state, attempts }: InFlightRow): Status {
  if (state !== "waiting") return state;
  return attempts.length > 0 ? "retrying" : "pending";
}

function inFlightView(row: InFlightRow): InFlightExecution {
  const { schedule, attempts, state } = row;
  const last = attempts.at(-1);
  return {
    executionId: eventId(row.key),
    scheduleId: schedule.scheduleId,
    scheduleName: schedule.name,
    scheduleVersion: schedule.version,
    trigger: row.trigger,
    status: statusOf(row),
    reason: null,
    topic: schedule.topic,
    entityType: schedule.entityType,
    entityId: schedule.entityId,
    action: schedule.action,
    source: schedule.source,
    correlationId: schedule.correlationId,
    priority: schedule.priority,
    scheduledFor: iso(row.nominalMs),
    effectiveAt: iso(row.effectiveMs),
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
    actor: row.actor,
    tier: "redis",
    attemptCount: attempts.length,
    dueAt: state === "waiting" ? isoOrNull(row.untilMs) : null,
    leaseEndsAt: state === "running" ? isoOrNull(row.untilMs) : null,
    heldUntil: state === "held" ? isoOrNull(row.untilMs) : null,
  };
}
