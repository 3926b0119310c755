import { once } from "node:events";
import kafkajs from "kafkajs";
import { encodeEventMessage } from "~/server/domain/event-message";
import { eventId, occurrenceKey } from "~/server/domain/ids";
import type { PlainHeaders } from "~/server/domain/message-headers";
import { newScheduleId } from "~/server/new-schedule-id";
import { eventOf, TOPIC } from "./event";

/*
 * The baseline for the Kafka burst (benchmark row 7): plain kafkajs sends the messages that the worker would send.
 * They are built before the clock starts. Neither side compresses.
 */
/** The same as the worker's claim size and number of batches in flight. */
const BATCH = 500;
const CONCURRENCY = 10;

const { brokers, count } = JSON.parse(process.argv[2] ?? "{}") as { brokers: string; count: number };

const nowMs = Date.now();
const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) =>
  Array.from({ length: Math.min(BATCH, count - batch * BATCH) }, () => messageDue(nowMs)),
);

function messageDue(dueMs: number) {
  const scheduleId = newScheduleId();
  const id = eventId(occurrenceKey(scheduleId, dueMs));
  const { payload, ...event } = eventOf(dueMs);
  const { key, value, headers } = encodeEventMessage({
    schedule: {
      ...event,
      scheduleId,
      entityId: null,
      actorType: "system",
      actorId: "scheduler",
      payload: JSON.stringify(payload),
      rawValue: false,
      headers: {},
      correlationId: scheduleId,
    },
    occurrence: { eventId: id, executionId: id, scheduledForMs: dueMs, attempt: 1, timestampMs: dueMs },
  });
  // No header name is repeated, so the headers have the form that kafkajs accepts.
  return { key, value, headers: headers as PlainHeaders };
}

const kafka = new kafkajs.Kafka({ brokers: [brokers], clientId: "bench-peer", logLevel: kafkajs.logLevel.ERROR });
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
await producer.connect();
process.on("SIGTERM", () => void producer.disconnect().then(() => process.exit(0)));
process.send?.("ready");
await once(process, "message");

const started = performance.now();
const queue = batches.values();
const sendBatches = async () => {
  for (const messages of queue) {
    await producer.send({ topic: TOPIC, messages, acks: -1 });
  }
};
await Promise.all(Array.from({ length: CONCURRENCY }, sendBatches));
process.send?.(performance.now() - started);
