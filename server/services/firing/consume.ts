import { byHalves } from "~/server/domain/by-halves";
import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import { type DelayedFault, type DelayedMessage, parseDelayedMessage } from "~/server/domain/delayed-message";
import { sourceScheduleId } from "~/server/domain/ids";
import { newSchedule, SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";
import { payloadOfValue } from "~/server/domain/topic-schema";
import type { Delivered } from "~/server/ports/bus";
import type { PutInput } from "~/server/ports/hot/schedules";
import type { Deps } from "../ctx";
import { storeRefused } from "../dead-letters/refused";
import { sealContent, sealUnknown } from "../protection/seal";
import { quarantineItem } from "../quarantine/quarantine-item";
import { placeNew } from "../schedules/new-schedule";
import { publishDeadLetters, type Refused } from "./dead-letter-topic";

export interface ConsumeReport {
  stored: number;
  /** Redelivered messages, which created their schedule earlier. */
  repeated: number;
  refused: number;
}

/**
 * Creates schedules from a batch of delayed messages of one partition. A redelivered message creates no second
 * schedule. Invalid messages go to the dead-letter topic. Throws if Redis or the bus fails, so that no offset is
 * committed.
 */
export async function consumeDelayed(deps: Deps, batch: readonly Delivered[]): Promise<ConsumeReport> {
  const nowMs = deps.clock.now();
  const settings = deps.settings.current();
  const puts: { message: Delivered; input: PutInput }[] = [];
  const refused: Refused[] = [];
  for (const message of batch) {
    try {
      const parsed = parseDelayedMessage({ ...message, nowMs, limits: settings });
      const fault = parsed.ok ? schemaFault(deps, parsed.message) : parsed;
      if (fault !== null) refused.push({ message, fault });
      else if (parsed.ok) puts.push({ message, input: await putOf(deps, message, parsed.message, nowMs) });
    } catch (error) {
      refused.push({ message, fault: unprocessable(error) });
    }
  }
  let stored = 0;
  // `byHalves` keeps the order, which is required: a watermark marks all earlier offsets as redelivered.
  const offenders = await byHalves(puts, async (part) => {
    const results = await deps.hot.putMany(part.map(({ input }) => input));
    stored += results.filter((result) => result.status === "stored").length;
  });
  for (const { item, error } of offenders) refused.push({ message: item.message, fault: unprocessable(error) });
  const notPublished = await publishDeadLetters(deps, refused);
  for (const one of notPublished) await quarantineMessage(deps, one);
  for (const { message, fault } of refused) await storeRefused(deps, message, fault);
  return { stored, repeated: batch.length - refused.length - stored, refused: refused.length };
}

function schemaFault(deps: Deps, { originalTopic, text }: DelayedMessage): DelayedFault | null {
  const check = deps.topicSchemas.checkOf(originalTopic);
  const [first] = check?.(payloadOfValue(JSON.parse(text))) ?? [];
  if (first === undefined) return null;
  return { ok: false, code: "schema_mismatch", field: first.path, reason: `${first.path} ${first.message}` };
}

/** The fault of a message that cannot be stored. Rethrows an error that is not about the data. */
function unprocessable(error: unknown): DelayedFault {
  if (!isDataFault(error)) throw error;
  return {
    ok: false,
    code: "unprocessable",
    field: "value",
    reason: `the message cannot be stored: ${reasonOf(error)}`,
  };
}

async function putOf(deps: Deps, message: Delivered, parsed: DelayedMessage, nowMs: number): Promise<PutInput> {
  const sourceId = `${message.topic}/${message.partition}/${message.offset}`;
  const settings = deps.settings.current();
  const built = newSchedule({
    scheduleId: sourceScheduleId("kafka_delayed", `${sourceId}@${message.timestampMs}`),
    nowMs,
    topic: parsed.originalTopic,
    entityType: parsed.entityType ?? SCHEDULE_DEFAULTS.entityType,
    entityId: parsed.entityId,
    action: parsed.action,
    actorType: parsed.actorType,
    actorId: parsed.actorId,
    payload: parsed.text,
    rawValue: true,
    headers: parsed.headers,
    correlationId: parsed.correlationId ?? sourceId,
    executionTime: parsed.deliveryTimeMs,
    maxRetries: settings.maxRetries,
    retryDelaySeconds: settings.retryDelaySeconds,
    maxDelaySeconds: parsed.maxDelaySeconds,
    priority: parsed.priority,
    source: "kafka_delayed",
    sourceId,
    createdBy: "delayed topic",
  });
  const schedule = await sealContent(deps, built.topic, built);
  const { offset, timestampMs } = message;
  const partition = `${message.topic}/${message.partition}`;
  // Without ordered delivery, the id and the fence of the schedule detect a redelivery.
  const position = message.inOrder ? { partition, offset, timestampMs } : undefined;
  return { ...placeNew({ schedule, nowMs, settings: deps.settings.current() }), expectedVersion: null, position };
}

/** Quarantines the complete bytes of a message that the dead-letter topic refused even when truncated. */
async function quarantineMessage(deps: Deps, { message, fault }: Refused): Promise<void> {
  const { topic, partition, offset, key, headers, value } = message;
  const error = `${fault.reason}; the dead-letter topic refused it`;
  const bytes = await sealUnknown(deps, JSON.stringify({ key, headers, value: value.toString("base64") }));
  const found = { step: "consume", kind: "message", shard: null, key: `${topic}/${partition}/${offset}` } as const;
  await quarantineItem(deps, { ...found, error, bytes });
}
