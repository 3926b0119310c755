import { AppError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import { headersView } from "~/server/domain/message-headers";
import type { ExecutionView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { iso, payloadJson } from "../schedules/view";
import { contentOf } from "./content";
import { findInFlight } from "./in-flight";
import type { ExecutionId } from "./inputs";
import { lineageOf } from "./lineage";
import { executionView, replayOf } from "./view";

/** Maximum number of rows of the outbox that are searched. */
const SCAN_LIMIT = 2000;

/**
 * Returns an execution, ended or in flight, with its attempts, its content and its lineage. Throws `not_found`.
 */
export async function getExecution(call: { ctx: Ctx; input: ExecutionId }): Promise<ExecutionView> {
  requireRight(call.ctx, "executions:read");
  const { deps } = call.ctx;
  const { executionId } = call.input;
  const ended = await findEnded(deps, executionId);
  if (ended !== null) {
    const [{ from, ...content }, lineage] = await Promise.all([contentOf(deps, ended), lineageOf(deps, ended)]);
    return { ...executionView({ ...ended, ...content }), contentFrom: from, lineage };
  }
  const found = await findInFlight(deps, executionId);
  if (found === null) throw new AppError("not_found", `No execution has the id ${executionId}.`);
  const { row } = found;
  const { leaseEndsAt: _l, heldUntil: _h, ...view } = found.view;
  const { schedule } = row;
  return {
    ...view,
    key: row.key,
    replayOf: replayOf(row.key),
    lineage: await lineageOf(deps, { key: row.key, scheduledFor: row.nominalMs }),
    contentFrom: "recorded",
    actorType: schedule.actorType,
    actorId: schedule.actorId,
    attempts: row.attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
    payload: payloadJson(schedule.payload),
    ...headersView(schedule.headers),
  };
}

/** Returns an ended execution from the outbox or ClickHouse, or null. */
export async function findEnded(deps: Deps, executionId: string): Promise<StoredExecution | null> {
  const { executions } = await deps.hot.unflushed({ limit: SCAN_LIMIT });
  return executions.find((row) => row.executionId === executionId) ?? deps.store.getExecution(executionId);
}
