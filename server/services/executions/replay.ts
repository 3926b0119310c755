import { AppError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import { eventId, replayKey } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { KEY_RETENTION_MS, keyedRequest, once } from "../idempotency";
import { inDoubt } from "../in-doubt";
import { findSchedule } from "../schedules/current";
import { decide } from "./decide";
import { findEnded } from "./get";
import type { ReplayInput } from "./inputs";

/** Most replays of an occurrence. Bounds the search for a free number. */
const MAX_REPLAYS = 1000;

/**
 * Replays an ended occurrence with its nominal time and a key of its own. Returns the new execution's id. Under an
 * idempotency key it replays once. Throws `not_found`, `may_have_been_kept`, and the codes of an invalid key.
 */
export async function replayExecution(call: { ctx: Ctx; input: ReplayInput }): Promise<{ executionId: string }> {
  const { ctx } = call;
  requireRight(ctx, "write");
  const { idempotencyKey: key, executionId } = call.input;
  const keyed = keyedRequest({ ctx, call: `execution.replay:${executionId}`, key, request: null });
  return once({ ctx, keyed }, (seed) => replay(ctx, executionId, seed));
}

async function replay(ctx: Ctx, endedId: string, seed: string | null): Promise<{ executionId: string }> {
  const { deps } = ctx;
  const principal = requireRight(ctx, "write");
  const ended = await findEnded(deps, endedId);
  if (ended === null) throw new AppError("not_found", `No ended execution has the id ${endedId}.`);
  const executionId = await replayEnded(deps, { ended, actor: principal.email ?? principal.name, seed });
  await writeAudit(ctx, { action: "execution.replay", target: ended.executionId, after: { executionId } });
  return { executionId };
}

/**
 * Replays a ledger row. A dead execution leaves the dead-letter list. With a seed, repeated calls replay it once.
 * Throws `not_found` if its schedule does not exist, `conflict` after too many replays.
 */
export async function replayEnded(
  deps: Deps,
  input: { ended: StoredExecution; actor: string; seed: string | null },
): Promise<string> {
  const { ended, actor, seed } = input;
  const schedule = await findSchedule(deps, ended.scheduleId);
  if (schedule === null) throw new AppError("not_found", "The schedule of this execution no longer exists.");
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
    const replay = { schedule: asItWas(schedule, ended), instance, versionNow: schedule.version };
    let executionId = eventId(key);
    if (seed === null) {
      if (!(await inDoubt("The replay", deps.hot.enqueue(replay)))) continue;
    } else {
      const answer = { name: seed, value: executionId, ttlMs: KEY_RETENTION_MS };
      const added = await inDoubt("The replay", deps.hot.enqueueOnce({ ...replay, answer }));
      if (added.status === "present") continue;
      if (added.status === "answered") executionId = added.answer;
    }
    if (ended.outcome === "dead") await decide(deps, { ended, decision: "replayed", actor, replayId: executionId });
    return executionId;
  }
  throw new AppError("conflict", `This execution was already replayed ${MAX_REPLAYS} times, which is the limit.`);
}

/** The schedule with the occurrence's topic and content, if the ledger kept them. */
function asItWas(
  schedule: Schedule,
  ended: Pick<StoredExecution, "topic" | "payload" | "headers" | "scheduleVersion">,
): Schedule {
  if (ended.payload === "") return schedule;
  const { topic, payload, headers, scheduleVersion } = ended;
  return { ...schedule, topic, payload, headers, version: scheduleVersion };
}
