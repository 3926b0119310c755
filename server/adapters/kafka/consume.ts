import type { Consumer, EachBatchPayload } from "kafkajs";
import type { BusLogger, ConsumeInput, Consumption } from "~/server/ports/bus";
import { createRetryPause } from "~/server/timing/retry-pause";
import { adviseOnKafka } from "./advice";
import { type KafkaConnection, kafkaClient } from "./client";
import { toDelivered } from "./message";

/** Maximum number of messages in one call of `onBatch`. */
const BATCH_MESSAGES = 500;
/** Maximum number of partitions that are processed concurrently. */
const PARTITIONS_AT_ONCE = 4;
/** If processing a fetch takes longer than this, the offset of the processed part is committed. */
const COMMIT_MS = 1000;

/*
 * A kafkajs consumer ends by itself after an outage of the broker, a missing topic, or another final error. The loop
 * therefore starts new consumers until `stop`.
 */
export function consumeFromKafka(connection: KafkaConnection, input: ConsumeInput): Consumption {
  const stopping = new AbortController();
  const restart = createRetryPause(stopping.signal);
  const retries = new Map<number, ReturnType<typeof createRetryPause>>();
  let consumer: Consumer | null = null;
  let endConsumer: (reason: Error) => void = () => undefined;
  /** Batches in `onBatch`. A new consumer waits for them, so that a partition never has two batches in progress. */
  const inProgress = new Set<Promise<void>>();

  function retryOf(partition: number) {
    const retry = retries.get(partition) ?? createRetryPause(stopping.signal);
    retries.set(partition, retry);
    return retry;
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, isRunning, isStale, resolveOffset, commitOffsetsIfNecessary } = payload;
    const retry = retryOf(batch.partition);
    const mayProceed = () => isRunning() && !isStale() && !stopping.signal.aborted;
    for (let from = 0; from < batch.messages.length && mayProceed(); from += BATCH_MESSAGES) {
      const messages = batch.messages.slice(from, from + BATCH_MESSAGES);
      const delivered = messages.map((message) => toDelivered(message, batch));
      try {
        await input.onBatch(delivered, heartbeat);
      } catch (error) {
        // kafkajs handles its own errors, such as a rebalance or a lost connection.
        if (error instanceof Error && error.name.startsWith("KafkaJS")) throw error;
        const facts = { topic: batch.topic, partition: batch.partition, offset: messages[0]?.offset, error };
        connection.logger?.warn(facts, "batch failed, will be redelivered");
        // The offset is not resolved, so the next fetch returns the batch again.
        await retry.wait(heartbeat);
        return;
      }
      retry.reset();
      resolveOffset(messages.at(-1)?.offset ?? batch.lastOffset());
      await commitOffsetsIfNecessary();
      await heartbeat();
    }
  }

  async function runConsumer(): Promise<void> {
    const ended = new Promise<never>((_, reject) => {
      endConsumer = reject;
    });
    ended.catch(() => undefined);
    const current = kafkaClient(connection).consumer({
      groupId: input.group,
      allowAutoTopicCreation: true,
      sessionTimeout: 15_000,
      heartbeatInterval: 3000,
      maxWaitTimeInMs: 500,
      retry: { retries: 3, restartOnFailure: async () => false },
    });
    consumer = current;
    current.on(current.events.CRASH, ({ payload }) => endConsumer(payload.error));
    current.on(current.events.FETCH, () => {
      restart.reset();
      input.onResumed?.();
    });
    try {
      await current.connect();
      await current.subscribe({ topics: [input.topic], fromBeginning: input.fromBeginning });
      await current.run({
        eachBatchAutoResolve: false,
        // kafkajs also commits the resolved part of a batch when the batch ends or fails.
        autoCommitInterval: COMMIT_MS,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: async (payload) => {
          const work = eachBatch(payload);
          inProgress.add(work);
          await work.finally(() => inProgress.delete(work));
        },
      });
      if (stopping.signal.aborted) return;
      await ended;
    } finally {
      await Promise.allSettled(inProgress);
      await current.disconnect().catch(() => undefined);
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await runConsumer();
      } catch (error) {
        if (stopping.signal.aborted) return;
        warnOfRestart(connection.logger, { topic: input.topic, group: input.group, error });
        input.onInterrupted?.(new Error(adviseOnKafka(error, connection), { cause: error }));
        await restart.wait();
      }
    }
  }

  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await consumer?.stop().catch(() => undefined);
      endConsumer(new Error("stopped"));
      await running;
    },
  };
}

function warnOfRestart(logger: BusLogger | undefined, facts: { topic: string; group: string; error: unknown }): void {
  logger?.warn(facts, "Kafka consumer ended, restarting");
}
