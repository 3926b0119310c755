import { AppError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import { type MessageHeaders, readableHeaders } from "~/server/domain/message-headers";
import { newSchedule } from "~/server/domain/new-schedule";
import { keepMasked } from "~/server/domain/protection/keep";
import { maskContent } from "~/server/domain/protection/mask";
import type { Schedule } from "~/server/domain/schedule";
import { isInScope } from "~/server/domain/scope";
import type { Enqueued } from "~/server/ports/hot/instances";
import type { Ctx, Deps } from "../ctx";
import { findSchedule } from "../newest-schedules";
import { guessesHeaders, mayReveal } from "../protection/content";
import { openContent, sealContent } from "../protection/seal";
import { requireOwnHeaders } from "../schedules/build";
import { payloadText } from "../schedules/payload-text";
import { unscopedDeps } from "../scope";
import { requireAgreement } from "../topic-schemas/check";
import type { ReplayInput } from "./inputs";

/** The edited part of the content of a replay. */
export interface ReplayEdit {
  /** JSON text. */
  payload?: string;
  headers?: MessageHeaders;
}

/**
 * Validates an edit by the rules of a schedule's payload and headers, with the original values in place of masks. A
 * value that equals the original is not an edit. Throws `validation_failed`, `payload_too_large`, and `conflict` if the
 * original cannot be decrypted.
 */
export async function readEdit(
  ctx: Ctx,
  input: Pick<ReplayInput, "payload" | "body" | "headers">,
  recorded: Pick<StoredExecution, "topic" | "payload" | "headers">,
): Promise<ReplayEdit> {
  const hasPayload = input.payload !== undefined || input.body !== undefined;
  if (!hasPayload && input.headers === undefined) return {};
  const ended = await openContent(ctx.deps, recorded.topic, recorded);
  if (input.headers !== undefined) requireOwnHeaders(input, ended);
  const protection = ctx.deps.protection.of(ended.topic);
  const shown = maskContent(protection, ended);
  const given = {
    payload: hasPayload && input.body !== shown.payload ? payloadText(input) : shown.payload,
    headers: input.headers ?? readableHeaders(shown.headers),
  };
  // The topic stays, so the kept values stay masked.
  const kept = keepMasked({ given, protection, stored: { content: ended, protection }, mayExpose: true });
  const edit: ReplayEdit = {};
  // An equal payload counts as an edit if the caller may have guessed it, so that nobody can find a value by trying.
  const isGuess = shown.masked.length > 0 && given.payload !== shown.payload && !mayReveal(ctx);
  if (hasPayload && (kept.payload !== ended.payload || isGuess)) edit.payload = kept.payload;
  const isHeaderGuess = !mayReveal(ctx) && guessesHeaders(given.headers, shown, ended);
  if (
    input.headers !== undefined &&
    (JSON.stringify(kept.headers) !== JSON.stringify(ended.headers) || isHeaderGuess)
  ) {
    edit.headers = kept.headers;
  }
  return edit;
}

/**
 * Returns the record of a replay. Its event is the recorded event or, if the row has no payload, the schedule's current
 * event, with the edit. Its retry policy is that of the schedule or, if the schedule no longer exists, of the settings.
 * Throws `not_found` if there is no payload to publish, or the schedule has moved to a topic outside of the caller's
 * scope, `validation_failed` for an edited payload that does not match the schema of its topic, and what `openContent`
 * and `sealContent` throw for an edit.
 */
export async function toReplay(
  deps: Deps,
  ended: StoredExecution,
  edit: ReplayEdit,
): Promise<Pick<Enqueued, "schedule" | "currentVersion" | "hasOwnContent">> {
  const current = await findSchedule(unscopedDeps(deps), ended.scheduleId);
  if (current !== null && !isInScope(deps.scope, current.topic)) {
    throw new AppError("not_found", "The schedule of this execution has another topic now, which you may not use.");
  }
  const schedule = current ?? fromLedger(deps, ended);
  const recorded = ended.payload === "" ? {} : eventOf(ended);
  const original: Schedule = { ...schedule, ...recorded };
  if (edit.payload !== undefined) {
    const { topic, rawValue } = original;
    requireAgreement({ check: deps.topicSchemas.checkOf(topic), topic, payload: edit.payload, rawValue });
  }
  const sealed = await sealedReplay(deps, original, edit);
  if (current === null && sealed.payload === "") {
    throw new AppError("not_found", "Neither the execution nor its schedule has a payload any more.");
  }
  return {
    schedule: sealed,
    currentVersion: schedule.version,
    hasOwnContent: JSON.stringify(eventOf(sealed)) !== JSON.stringify(eventOf(schedule)),
  };
}

/** Unedited parts keep their ciphertext. Never decrypts the edit, which is a caller's text. */
async function sealedReplay(deps: Deps, original: Schedule, edit: ReplayEdit): Promise<Schedule> {
  if (Object.keys(edit).length === 0) return original;
  const plain = await openContent(deps, original.topic, original);
  return sealContent(deps, original.topic, { ...plain, ...edit }, { stored: original, plain });
}

type Event = Pick<
  Schedule,
  | "topic"
  | "entityType"
  | "entityId"
  | "action"
  | "actorType"
  | "actorId"
  | "correlationId"
  | "payload"
  | "headers"
  | "rawValue"
>;

/** The published fields, and their schedule version. */
function eventOf(source: StoredExecution | Schedule): Event & { version: number } {
  const { topic, entityType, entityId, action, actorType, actorId, correlationId, payload, headers, rawValue } = source;
  const version = "scheduleVersion" in source ? source.scheduleVersion : source.version;
  return {
    topic,
    entityType,
    entityId,
    action,
    actorType,
    actorId,
    correlationId,
    payload,
    headers,
    rawValue,
    version,
  };
}

/** Makes a deleted one-time schedule from the ledger row of a schedule that no longer exists. */
function fromLedger(deps: Deps, ended: StoredExecution): Schedule {
  const { maxRetries, retryDelaySeconds } = deps.settings.current();
  return newSchedule({
    scheduleId: ended.scheduleId,
    nowMs: ended.scheduledFor,
    name: ended.scheduleName,
    executionTime: ended.scheduledFor,
    priority: ended.priority,
    source: ended.source,
    version: ended.scheduleVersion,
    ...{ maxRetries, retryDelaySeconds, payload: "" },
    state: { deleted: true, completed: true },
  });
}
