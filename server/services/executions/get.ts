import { auditName } from "~/server/domain/audit/audit-name";
import { AppError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import type { ExecutionRow, ExecutionView, LineageRow } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { mayReveal, type Reveal, reveal } from "../protection/content";
import { contentView, iso } from "../schedules/view";
import { contentOf } from "./content";
import { findInFlight } from "./in-flight";
import type { GetExecutionInput } from "./inputs";
import { lineageOf } from "./lineage";
import { executionView, replayOf } from "./view";

/** Maximum number of outbox rows to search. */
const SCAN_LIMIT = 2000;

/**
 * Returns an execution, ended or in flight, and with `reveal` also its protected values. Throws `not_found`, and for
 * `reveal` `forbidden` without the right, and `conflict` for content that cannot be decrypted.
 */
export async function getExecution(call: { ctx: Ctx; input: GetExecutionInput }): Promise<ExecutionView> {
  requireRight(call.ctx, "executions:read");
  const { deps } = call.ctx;
  const { executionId } = call.input;
  const ended = await findEnded(deps, executionId);
  if (ended !== null) {
    const [{ from, ...content }, lineage] = await Promise.all([contentOf(deps, ended), lineageOf(deps, ended)]);
    const shown = { ...ended, ...content };
    return {
      ...executionView(shown),
      ...(await contentView(deps, shown, await revealed(call, ended))),
      contentFrom: from,
      lineage: withoutGuesses(call.ctx, ended.topic, lineage),
    };
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
    lineage: withoutGuesses(
      call.ctx,
      schedule.topic,
      await lineageOf(deps, { key: row.key, scheduledFor: row.nominalMs }),
    ),
    contentFrom: "recorded",
    actorType: schedule.actorType,
    actorId: schedule.actorId,
    attempts: row.attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
    ...(await contentView(deps, schedule, await revealed(call, view))),
  };
}

function revealed(
  { ctx, input }: { ctx: Ctx; input: GetExecutionInput },
  execution: Pick<ExecutionRow, "scheduleId" | "scheduleName" | "entityType" | "action" | "entityId">,
): Promise<Reveal> {
  return reveal(ctx, input.reveal, {
    action: "execution.reveal",
    target: input.executionId,
    targetName: auditName({ ...execution, name: execution.scheduleName }),
    after: { scheduleId: execution.scheduleId },
  });
}

/**
 * Hides whether a replay was edited from a caller who may not see masked values, because the caller could find a value
 * by replays with guesses.
 */
function withoutGuesses(ctx: Ctx, topic: string, lineage: LineageRow[]): LineageRow[] {
  if (mayReveal(ctx) || ctx.deps.protection.of(topic) === null) return lineage;
  return lineage.map((row) => ({ ...row, isEdited: row.number === 0 ? false : null }));
}

/** Returns an ended execution, from the outbox or from ClickHouse, or null. */
export async function findEnded(deps: Deps, executionId: string): Promise<StoredExecution | null> {
  const { executions } = await deps.hot.unflushed({ limit: SCAN_LIMIT });
  return executions.find((row) => row.executionId === executionId) ?? deps.store.getExecution(executionId);
}
