import { AppError } from "~/server/domain/errors";
import type { Execution } from "~/server/domain/execution";
import { eventId, replayKey } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { decide } from "../dead-letters/decide";
import { findSchedule } from "../schedules/current";
import { findEnded } from "./get";
import type { ExecutionId } from "./inputs";

/** No occurrence is replayed more often than this; it only bounds the search for a free number. */
const MAX_REPLAYS = 1000;

/** Publishes an ended occurrence once more, as what it was: its nominal time, its own key. Answers the new execution's id. */
export async function replayExecution(call: { ctx: Ctx; input: ExecutionId }): Promise<{ executionId: string }> {
  const { ctx } = call;
  const principal = requireRight(ctx, "write");
  const { deps } = ctx;
  const ended = await findEnded(deps, call.input.executionId);
  if (ended === null) throw new AppError("not_found", `No ended execution has the id ${call.input.executionId}.`);
  const executionId = await replayEnded(deps, ended, principal.email ?? principal.name);
  await recordAudit(ctx, { action: "execution.replay", target: ended.executionId, after: { executionId } });
  return { executionId };
}

/** The same for a row that is at hand. A dead one leaves the dead-letter list. Throws `not_found` where its schedule is gone. */
export async function replayEnded(deps: Deps, ended: Execution, actor: string): Promise<string> {
  const schedule = await findSchedule(deps, ended.scheduleId);
  if (schedule === null) throw new AppError("not_found", "The schedule of this execution is not known any more.");
  const nowMs = await deps.hot.now();
  for (let n = 1; n <= MAX_REPLAYS; n += 1) {
    const key = replayKey(ended.key, n);
    if ((await deps.store.settledKeys([key])).has(key)) continue;
    const instance = {
      key,
      nominalMs: ended.scheduledFor,
      effectiveMs: nowMs,
      trigger: "replay" as const,
      actor,
      lane: null,
    };
    const asked = { schedule: asItWas(schedule, ended), instance, versionNow: schedule.version };
    if (!(await deps.hot.enqueue(asked))) continue;
    const executionId = eventId(key);
    if (ended.outcome === "dead") await decide(deps, { ended, decision: "replayed", actor, replayId: executionId });
    return executionId;
  }
  throw new AppError("conflict", `This execution was replayed ${MAX_REPLAYS} times already.`);
}

/** The destination and content of the occurrence, where the ledger kept them. */
function asItWas(
  schedule: Schedule,
  ended: Pick<Execution, "topic" | "payload" | "headers" | "scheduleVersion">,
): Schedule {
  if (ended.payload === "") return schedule;
  const { topic, payload, headers, scheduleVersion } = ended;
  return { ...schedule, topic, payload, headers, version: scheduleVersion };
}
