import { auditName } from "~/server/domain/audit/audit-name";
import type { ScheduleChange } from "~/server/domain/changes/change";
import { decideEdit } from "~/server/domain/changes/edit";
import type { Schedule, ScheduleInput } from "~/server/domain/schedule";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { type AuditDocument, auditDocument } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { doneAnswer } from "../idempotency";
import { mayHaveBeenKept } from "../in-doubt";
import { guessesHeaders, MASKED, mayReveal, shownContent } from "../protection/content";
import { isSealedContent, openContent, sealContent } from "../protection/seal";
import { buildSchedule } from "./build";
import { changedFields } from "./changed-fields";
import { currentSchedule, requireVersion } from "./current";
import { unconfirmed } from "./durable";
import { writeExcessLedgerRows } from "./excess-ledger-rows";
import type { MergeScheduleInput, PatchScheduleInput, ReplaceScheduleInput } from "./inputs";
import { releaseUnused, reserveName } from "./names";
import { sourceAfterEdit } from "./owned-by-code";
import { mergedDefinition, patchedDefinition } from "./patched";
import { putEdit } from "./put-edit";
import { retryLostRace } from "./retry-lost-race";
import { scheduleView } from "./view";

/** Replaces the definition. Omitted fields take their defaults. Throws what `editOnce` throws. */
export async function replaceSchedule(call: { ctx: Ctx; input: ReplaceScheduleInput }): Promise<ScheduleView> {
  return editSchedule({ ...call, definition: () => call.input.replace });
}

/** Changes the fields of the patch. Throws what `editOnce` throws. */
export async function patchSchedule(call: { ctx: Ctx; input: PatchScheduleInput }): Promise<ScheduleView> {
  return editSchedule({ ...call, definition: (current) => patchedDefinition(current, call.input.patch) });
}

/** Applies a JSON merge patch (RFC 7396) to the definition. Throws what `editOnce` throws. */
export async function mergeSchedule(call: { ctx: Ctx; input: MergeScheduleInput }): Promise<ScheduleView> {
  return editSchedule({ ...call, definition: (current) => mergedDefinition(current, call.input.mergePatch) });
}

/** Replaces the definition with the result of the callback `definition`. Throws what `editOnce` throws. */
export function editSchedule(call: Parameters<typeof editOnce>[0]): Promise<ScheduleView> {
  return retryLostRace(call.input.expectedVersion, () => editOnce(call));
}

interface EditCall {
  ctx: Ctx;
  input: { scheduleId: string; expectedVersion?: number };
  definition: (current: Schedule) => ScheduleInput;
  /** Changes nothing but the encryption: the content is encrypted again, and the audit entry leaves it out. */
  onlyEncrypts?: boolean;
  /** The source of the edited schedule. By default, that of `sourceAfterEdit`. */
  source?: Pick<Schedule, "source" | "sourceId">;
  /** The note of the audit entry. */
  note?: string;
  /** The seed of the idempotency key, if the caller sent a key. */
  seed?: string | null;
}

/** A validated edit that is not stored. */
export interface PlannedEdit {
  /**
   * The stored schedule. If its content is older than the encryption rule of its topic, the content is encrypted here.
   */
  current: Schedule;
  change: ScheduleChange;
  entry: AuditDocument;
}

/**
 * Edits a schedule. Throws the errors of `planEdit`, `not_found`, `version_stale`, `name_taken`, `conflict` for a
 * one-time schedule that is in flight, and `may_have_been_kept` if Redis or ClickHouse does not confirm the edit.
 */
async function editOnce(call: EditCall): Promise<ScheduleView> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:edit");
  const { deps } = ctx;
  const found = await currentSchedule(deps, input.scheduleId);
  requireVersion(found, input.expectedVersion);
  const { current, change, entry } = await planEdit(call, found);
  const edited = change.schedule;
  // Reserve the name last, so that a refused edit does not hold it.
  if (edited.name !== current.name) await reserveName(deps, edited);
  // Ledger rows beyond the limit of a Redis call are written first. `lastPut` is the edit with the remaining rows.
  const stored = await writeExcessLedgerRows(deps, current, change)
    .then((lastPut) => putEdit(deps, { ...lastPut, documents: [entry], answer: doneAnswer(call.seed ?? null) }))
    .catch(async (error) => {
      if (edited.name !== current.name) await releaseUnused(deps, edited);
      throw error;
    });
  if (current.name !== edited.name) await releaseUnused(deps, current);
  if (change.placement.tier === "clickhouse") {
    const missing = await unconfirmed(ctx, [{ scheduleId: stored.scheduleId, revision: stored.state.revision }]);
    if (missing.size > 0) throw mayHaveBeenKept("The change");
  }
  return scheduleView(deps, stored);
}

/**
 * Validates an edit of `found` and decides its effects, for a caller whose right was checked. Throws the errors of the
 * callback `definition`, `buildSchedule`, `openContent`, `sealContent` and `decideEdit`, and `conflict` for a schedule
 * of a document that must not be edited.
 */
export async function planEdit(call: Omit<EditCall, "input" | "seed">, found: Schedule): Promise<PlannedEdit> {
  const { ctx } = call;
  const { deps, principal } = ctx;
  const settings = deps.settings.current();
  const source = call.source ?? (call.onlyEncrypts ? found : sourceAfterEdit(found, settings));
  const plain = await openContent(deps, found.topic, found);
  // The audit entry and ledger rows get the stored content. Encrypt content from before the topic's encryption rule.
  const current = isSealedContent(found)
    ? found
    : await sealContent(deps, found.topic, plain, { stored: found, plain });
  const nowMs = deps.clock.now();
  const shown = await maskedSchedule(deps, plain);
  const definition = call.definition(shown);
  const built = buildSchedule(definition, {
    scheduleId: current.scheduleId,
    nowMs,
    settings,
    topicSchemas: deps.topicSchemas,
    protection: deps.protection,
    stored: plain,
    mayExpose: mayReveal(ctx),
    scope: deps.scope,
    source: source.source,
    sourceId: source.sourceId,
    createdBy: current.createdBy,
    current: plain,
  });
  const before = built.topic === found.topic && !call.onlyEncrypts ? { stored: current, plain } : null;
  const sealed = await sealContent(deps, built.topic, built, before);
  const actor = principal?.email ?? principal?.name ?? "system";
  const change = decideEdit({ current, built: sealed, nowMs, actor, settings });
  const edited = change.schedule;
  const entry = auditDocument(ctx, {
    action: "schedule.edit",
    target: current.scheduleId,
    targetName: auditName(edited),
    note: call.note ?? null,
    topic: edited.topic,
    ...(call.onlyEncrypts
      ? { before: { version: current.version }, after: { version: edited.version } }
      : changedFields(current, edited, guessedFields(ctx, definition, { shown, plain }))),
  });
  return { current, change, entry };
}

/** A schedule with masks, to which a caller's change is applied: a value that is not changed stays a mask. */
async function maskedSchedule(deps: Deps, schedule: Schedule): Promise<Schedule & { isMasked: boolean }> {
  const { payload, headers, masked } = await shownContent(deps, schedule, MASKED);
  return { ...schedule, payload, headers, isMasked: masked.length > 0 };
}

/**
 * The parts that a caller without `payloads:read` sent for a schedule with masked values. The audit entry has them as
 * changed even if they are equal, so that nobody can find a value by trying.
 */
function guessedFields(
  ctx: Ctx,
  { payload, body, headers }: ScheduleInput,
  { shown, plain }: { shown: Schedule & { isMasked: boolean }; plain: Schedule },
): ("payload" | "headers")[] {
  if (!shown.isMasked || mayReveal(ctx)) return [];
  const hasPayload = payload !== undefined || body !== shown.payload;
  return [
    ...(hasPayload ? (["payload"] as const) : []),
    ...(guessesHeaders(headers, shown, plain) ? (["headers"] as const) : []),
  ];
}
