import { AppError, fieldError } from "~/server/domain/errors";
import { type JsonText, jsonDepth, jsonMembers, keepPayloadTexts, MAX_JSON_DEPTH } from "~/server/domain/json-text";
import { mergePatch } from "~/server/domain/merge-patch";
import { readableHeaders } from "~/server/domain/message-headers";
import { parseInput } from "~/server/domain/parse";
import { MAX_PAYLOAD_BYTES, type Schedule, ScheduleInput } from "~/server/domain/schedule";
import { fromWire, toWire } from "~/server/domain/wire";
import { iso, isoOrNull } from "./view";

/** The current definition as a caller would have to write it, with the patch laid over it field by field. */
export function patchedDefinition(current: Schedule, patch: ScheduleInput): ScheduleInput {
  const { entityType, action, ...base } = definitionOf(current);
  const payloadGiven = patch.payload !== undefined || patch.body !== undefined;
  const timeGiven = patch.cronExpression != null || patch.executionTime != null || patch.scheduledAt != null;
  return {
    ...base,
    ...(patch.eventType === undefined ? { entityType } : {}),
    ...(patch.eventAction === undefined ? { action } : {}),
    ...(payloadGiven ? {} : { body: current.payload }),
    ...(timeGiven ? {} : timeOf(current)),
    ...patch,
    catchUp: { ...current.catchUp, ...patch.catchUp },
  };
}

/**
 * The current definition as a document, with the patch merged into it (RFC 7396): what is taken away has its default.
 */
export function mergedDefinition(current: Schedule, patch: JsonText): ScheduleInput {
  const given = jsonMembers(patch.text);
  for (const [field, value] of given) {
    if (jsonDepth(value) <= MAX_JSON_DEPTH) continue;
    throw fieldError("validation_failed", {
      field,
      message: "is nested too deep",
      expected: `at most ${MAX_JSON_DEPTH} levels`,
    });
  }
  const gives = (...fields: string[]) => fields.some((field) => (given.get(field) ?? "null") !== "null");
  const { entityType, action, ...base } = definitionOf(current);
  const fields = {
    ...base,
    ...(gives("event_type") ? {} : { entityType }),
    ...(gives("event_action") ? {} : { action }),
    // The other way to say when, and the other name of the payload, are replaced rather than contradicted.
    ...(gives("cron_expression", "execution_time", "scheduled_at") ? {} : timeOf(current)),
    catchUp: current.catchUp,
  };
  const payload = gives("body") ? "" : `,"payload":${current.payload}`;
  const merged = mergePatch(`${JSON.stringify(toWire(fields)).slice(0, -1)}${payload}}`, patch.text);
  const definition = fromWire(JSON.parse(merged)) as Record<string, unknown>;
  keepPayloadTexts(definition, merged);
  return parseInput(ScheduleInput, definition);
}

function timeOf(current: Schedule): Pick<ScheduleInput, "cronExpression" | "executionTime"> {
  return current.executionTime === null
    ? { cronExpression: current.cronExpression }
    : { executionTime: iso(current.executionTime) };
}

/** All but the payload, the times and the catch-up policy. */
function definitionOf(current: Schedule): ScheduleInput {
  if (Buffer.byteLength(current.payload) > MAX_PAYLOAD_BYTES) {
    throw new AppError("payload_too_large", "The stored payload is above the limit; send a new one with the change.");
  }
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
