import { AppError, fieldError } from "~/server/domain/errors";
import { type JsonText, jsonDepth, jsonMembers, keepPayloadTexts, MAX_JSON_DEPTH } from "~/server/domain/json-text";
import { mergePatch } from "~/server/domain/merge-patch";
import { readableHeaders } from "~/server/domain/message-headers";
import { parseInput } from "~/server/domain/parse";
import { MAX_PAYLOAD_BYTES, type Schedule, ScheduleInput } from "~/server/domain/schedule";
import { fromWire, toWire } from "~/server/domain/wire";
import { iso, isoOrNull } from "./view";

/** Replaces the fields of the current definition that the patch has. Throws `payload_too_large`. */
export function patchedDefinition(current: Schedule, patch: ScheduleInput): ScheduleInput {
  const { entityType, action, ...base } = definitionOf(current);
  const hasPayload = patch.payload !== undefined || patch.body !== undefined;
  const hasTime = patch.cronExpression != null || patch.executionTime != null || patch.scheduledAt != null;
  return {
    ...base,
    ...(patch.eventType === undefined ? { entityType } : {}),
    ...(patch.eventAction === undefined ? { action } : {}),
    ...(hasPayload ? {} : { body: keptPayload(current) }),
    ...(hasTime ? {} : timeOf(current)),
    ...patch,
    catchUp: { ...current.catchUp, ...patch.catchUp },
  };
}

/**
 * Merges a patch into the current definition (RFC 7396). Removed fields take their defaults. Throws
 * `validation_failed`, `payload_too_large`.
 */
export function mergedDefinition(current: Schedule, patch: JsonText): ScheduleInput {
  const members = jsonMembers(patch.text);
  for (const [field, value] of members) {
    if (jsonDepth(value) <= MAX_JSON_DEPTH) continue;
    throw fieldError("validation_failed", {
      field,
      message: "is nested too deep",
      expected: `at most ${MAX_JSON_DEPTH} levels`,
    });
  }
  /** Whether the patch sets one of the fields. Null does not set a field. */
  const sets = (...fields: string[]) => fields.some((field) => (members.get(field) ?? "null") !== "null");
  const { entityType, action, ...base } = definitionOf(current);
  const fields = {
    ...base,
    ...(sets("event_type") ? {} : { entityType }),
    ...(sets("event_action") ? {} : { action }),
    // A cron replaces a time, and `body` replaces `payload`, because both together would be refused.
    ...(sets("cron_expression", "execution_time", "scheduled_at") ? {} : timeOf(current)),
    catchUp: current.catchUp,
  };
  // An unchanged payload keeps its text, because a payload that is masked as a whole is not an object.
  const keepsPayload = !members.has("payload") && !members.has("body");
  const payload = sets("body") || keepsPayload ? "" : `,"payload":${current.payload}`;
  const merged = mergePatch(`${JSON.stringify(toWire(fields)).slice(0, -1)}${payload}}`, patch.text);
  const definition = fromWire(JSON.parse(merged)) as Record<string, unknown>;
  keepPayloadTexts(definition, merged);
  if (keepsPayload) definition.body = keptPayload(current);
  return parseInput(ScheduleInput, definition);
}

function timeOf(current: Schedule): Pick<ScheduleInput, "cronExpression" | "executionTime"> {
  return current.executionTime === null
    ? { cronExpression: current.cronExpression }
    : { executionTime: iso(current.executionTime) };
}

/** The stored payload, for a patch without a payload. Throws `payload_too_large`. */
function keptPayload({ payload }: Schedule): string {
  if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
    throw new AppError("payload_too_large", "The stored payload exceeds the limit. Change it to a smaller payload.");
  }
  return payload;
}

/** The definition without payload, cron, execution time and catch-up policy. */
function definitionOf(current: Schedule): ScheduleInput {
  return {
    name: current.name,
    description: current.description,
    tags: current.tags,
    enabled: current.enabled,
    topic: current.topic,
    entityType: current.entityType,
    entityId: current.entityId,
    action: current.action,
    actorType: current.actorType,
    actorId: current.actorId,
    headers: readableHeaders(current.headers),
    correlationId: current.correlationId,
    timezone: current.timezone,
    maxRetries: current.maxRetries,
    retryDelaySeconds: current.retryDelaySeconds,
    maxDelaySeconds: current.maxDelaySeconds,
    priority: current.priority,
    startAt: isoOrNull(current.startAt),
    endAt: isoOrNull(current.endAt),
    maxRuns: current.maxRuns,
    jitterSeconds: current.jitterSeconds,
    dstGap: current.dstGap,
    dstOverlap: current.dstOverlap,
  };
}
