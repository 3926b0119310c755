import { auditName } from "~/server/domain/audit/audit-name";
import { AppError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import { eventId, replayKey } from "~/server/domain/ids";
import { requireRight } from "../access/require-right";
import { auditDocument } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { KEY_RETENTION_MS, keyedRequest, once } from "../idempotency";
import { inDoubt } from "../in-doubt";
import { contentOf } from "./content";
import { decide } from "./decide";
import { findEnded } from "./get";
import type { ReplayInput } from "./inputs";
import { type ReplayEdit, readEdit, toReplay } from "./replay-content";
import { MAX_REPLAYS } from "./replay-limit";

/**
 * Replays an ended occurrence, with its content or an edited content. Returns the id of the new execution. Throws
 * `not_found`, `validation_failed`, `payload_too_large`, `conflict`, `may_have_been_kept`, and the codes of an
 * idempotency key that was reused or is in progress.
 */
export async function replayExecution(call: { ctx: Ctx; input: ReplayInput }): Promise<{ executionId: string }> {
  const { ctx } = call;
  requireRight(ctx, "executions:replay");
  const { idempotencyKey: key, executionId, ...edit } = call.input;
  const request = Object.keys(edit).length === 0 ? null : edit;
  const keyed = keyedRequest({ ctx, call: `execution.replay:${executionId}`, key, request });
  return once({ ctx, keyed }, (seed) => replay({ ctx, endedId: executionId, seed, input: edit }));
}

async function replay(call: {
  ctx: Ctx;
  endedId: string;
  seed: string | null;
  input: Omit<ReplayInput, "executionId" | "idempotencyKey">;
}): Promise<{ executionId: string }> {
  const { ctx, endedId, seed } = call;
  const { deps } = ctx;
  const principal = requireRight(ctx, "executions:replay");
  const found = await findEnded(deps, endedId);
  if (found === null) throw new AppError("not_found", `No ended execution has the id ${endedId}.`);
  const { from: _, ...content } = await contentOf(deps, found);
  const ended = { ...found, ...content };
  const edit = await readEdit(ctx, call.input, ended);
  const actor = principal.email ?? principal.name;
  const entryOf = (executionId: string, replayed: ReplayEdit) => {
    const { before, after } = changedContent(ended, edit, replayed);
    return auditDocument(ctx, {
      action: "execution.replay",
      target: ended.executionId,
      targetName: auditName({ ...ended, name: ended.scheduleName }),
      targets: [ended.scheduleId],
      topic: ended.topic,
      before,
      after: { executionId, ...after },
    }).json;
  };
  return { executionId: await replayEnded(deps, { ended, actor, seed, edit, entryOf }) };
}

/**
 * Replays a ledger row, unchanged or edited. A dead execution leaves the dead-letter list. Repeated calls with one seed
 * within `KEY_RETENTION_MS` make one replay. Throws what `toReplay` throws, `conflict` after too many replays, and
 * `may_have_been_kept`.
 *
 * @param input.entryOf returns the JSON of the audit entry
 */
export async function replayEnded(
  deps: Deps,
  input: {
    ended: StoredExecution;
    actor: string;
    seed: string | null;
    edit?: ReplayEdit;
    entryOf?: (executionId: string, replayed: ReplayEdit) => string;
  },
): Promise<string> {
  const { ended, actor, seed, edit = {}, entryOf } = input;
  const content = await toReplay(deps, ended, edit);
  const nowMs = await deps.hot.now();
  // Take the first number that no replay has, in the ledger or in Redis.
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
    let executionId = eventId(key);
    const replay = { ...content, instance, entry: entryOf?.(executionId, content.schedule) };
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

/** The edited parts of the content, as they are stored, for the audit entry. */
function changedContent(
  ended: StoredExecution,
  edit: ReplayEdit,
  replayed: ReplayEdit,
): { before?: object; after: object } {
  const names = (["payload", "headers"] as const).filter((name) => edit[name] !== undefined);
  if (names.length === 0) return { after: {} };
  const pick = (content: ReplayEdit) => Object.fromEntries(names.map((name) => [name, content[name]]));
  return { before: pick(ended), after: pick(replayed) };
}
