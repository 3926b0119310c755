import type { Delivered } from "~/server/adapters/bus/bus-types";
import type { PutInput } from "~/server/adapters/redis/hot-tier-types";
import { type DelayedMessage, parseDelayedMessage } from "~/server/domain/delayed-message";
import { sourceScheduleId } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { noteRefused } from "../dead-letters/refused";
import { placeNew } from "../schedules/new-schedule";
import { publishDeadLetters, type Refused } from "./dead-letter-topic";

export interface ConsumeReport {
  stored: number;
  /** Delivered again; they are schedules already. */
  repeated: number;
  refused: number;
}

/**
 * Makes schedules of a batch of delayed messages of one partition. The id comes of partition, offset and timestamp, so a redelivery is the same schedule.
 * Bad ones go to the dead-letter topic with the reason. Throws when Redis or the dead-letter topic did not take all: nothing is committed then,
 * and the batch comes again.
 */
export async function consumeDelayed(deps: Deps, batch: readonly Delivered[]): Promise<ConsumeReport> {
  const nowMs = deps.clock.now();
  const settings = deps.settings.current();
  const puts: PutInput[] = [];
  const refused: Refused[] = [];
  for (const message of batch) {
    const parsed = parseDelayedMessage({ ...message, nowMs, limits: settings });
    if (parsed.ok) puts.push(putOf(deps, message, parsed.message, nowMs));
    else refused.push({ message, fault: parsed });
  }
  const results = await deps.hot.putMany(puts);
  await publishDeadLetters(deps, refused);
  for (const { message, fault } of refused) await noteRefused(deps, message, fault);
  const stored = results.filter((result) => result.status === "stored").length;
  return { stored, repeated: results.length - stored, refused: refused.length };
}

function putOf(deps: Deps, message: Delivered, parsed: DelayedMessage, nowMs: number): PutInput {
  const sourceId = `${message.topic}/${message.partition}/${message.offset}`;
  const settings = deps.settings.current();
  const schedule: Schedule = {
    scheduleId: sourceScheduleId("kafka_delayed", `${sourceId}@${message.timestampMs}`),
    name: null,
    description: "",
    tags: [],
    enabled: true,
    topic: parsed.originalTopic,
    entityType: parsed.entityType ?? "event",
    entityId: parsed.entityId,
    action: parsed.action,
    actorType: parsed.actorType,
    actorId: parsed.actorId,
    payload: parsed.text,
    rawValue: true,
    headers: parsed.headers,
    correlationId: parsed.correlationId ?? sourceId,
    cronExpression: null,
    executionTime: parsed.deliveryTimeMs,
    timezone: "UTC",
    maxRetries: settings.maxRetries,
    retryDelaySeconds: settings.retryDelaySeconds,
    maxDelaySeconds: parsed.maxDelaySeconds,
    priority: parsed.priority,
    source: "kafka_delayed",
    sourceId,
    startAt: null,
    endAt: null,
    maxRuns: null,
    plannedSince: null,
    catchUp: { policy: "last", windowSeconds: 86_400, maxRuns: 100 },
    jitterSeconds: 0,
    dstGap: "first_valid",
    dstOverlap: "first",
    pauseNote: null,
    pausedBy: null,
    pausedAt: null,
    pausedUntil: null,
    createdBy: "delayed topic",
    createdAt: nowMs,
    updatedAt: nowMs,
    version: 1,
    state: {
      revision: 1,
      tier: "redis",
      completed: false,
      deleted: false,
      nextExecution: parsed.deliveryTimeMs,
      lastExecution: null,
      lastStatus: null,
      lastError: null,
      executionCount: 0,
      errorCount: 0,
      runsTaken: 0,
    },
  };
  // A Kafka partition is read in order, so its highest offset tells every repeat. Consumers of one Redis stream share its
  // entries and overtake each other: there the schedule's own id and fence tell.
  const partition = `${message.topic}/${message.partition}`;
  const watermark =
    deps.bus?.kind === "kafka" ? { partition, offset: message.offset, timestampMs: message.timestampMs } : undefined;
  return { ...placeNew({ schedule, nowMs, settings: deps.settings.current() }), expectedVersion: null, watermark };
}
