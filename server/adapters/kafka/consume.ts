import type { Consumer, EachBatchPayload } from "kafkajs";
import type { BusLogger, ConsumeInput, Consumption } from "~/server/ports/bus";
import { createRetryPause } from "~/server/timing/retry-pause";
import { adviseOnKafka } from "./advice";
import { type KafkaConnection, kafkaClient } from "./client";
import { toDelivered } from "./message";

/** Messages handed over at once. */
const BATCH_MESSAGES = 500;
/** Partitions in the caller's hands at once: one is read while another is written. */
const PARTITIONS_AT_ONCE = 4;
/** A fetch is committed as a whole; of one that takes longer than this, what is done. */
const COMMIT_MS = 1000;

/*
 * A kafkajs consumer may end by itself: after a broker's outage, an error that it thinks final, a topic that does not
 * exist yet. So it is only one life here; the loop begins another until it is told to stop.
 */
export function consumeFromKafka(connection: KafkaConnection, input: ConsumeInput): Consumption {
  const stopping = new AbortController();
  const restart = createRetryPause(stopping.signal);
  const retries = new Map<number, ReturnType<typeof createRetryPause>>();
  let consumer: Consumer | null = null;
  let endLife: (reason: Error) => void = () => undefined;
  /** The batches in the hands of the caller: a new life waits for them, so that no two of a partition run at once. */
  const inHand = new Set<Promise<void>>();

  function retryOf(partition: number) {
    const retry = retries.get(partition) ?? createRetryPause(stopping.signal);
    retries.set(partition, retry);
    return retry;
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, isRunning, isStale, resolveOffset, commitOffsetsIfNecessary } = payload;
    const retry = retryOf(batch.partition);
    const proceed = () => isRunning() && !isStale() && !stopping.signal.aborted;
    for (let from = 0; from < batch.messages.length && proceed(); from += BATCH_MESSAGES) {
      const messages = batch.messages.slice(from, from + BATCH_MESSAGES);
      const delivered = messages.map((message) => toDelivered(message, batch));
      try {
        await input.onBatch(delivered, heartbeat);
      } catch (error) {
        // kafkajs must see its own (the group is rebalancing, the connection is gone).
        if (error instanceof Error && error.name.startsWith("KafkaJS")) throw error;
        const facts = { topic: batch.topic, partition: batch.partition, offset: messages[0]?.offset, error };
        connection.logger?.warn(facts, "A batch failed and will be delivered again");
        // Unresolved, it is what the next fetch brings.
        await retry.wait(heartbeat);
        return;
      }
      retry.reset();
      resolveOffset(messages.at(-1)?.offset ?? batch.lastOffset());
      await commitOffsetsIfNecessary();
      await heartbeat();
    }
  }

  async function live(): Promise<void> {
    const ended = new Promise<never>((_, reject) => {
      endLife = reject;
    });
    ended.catch(() => undefined);
    const life = kafkaClient(connection).consumer({
      groupId: input.group,
      allowAutoTopicCreation: true,
      sessionTimeout: 15_000,
      heartbeatInterval: 3000,
      maxWaitTimeInMs: 500,
      retry: { retries: 3, restartOnFailure: async () => false },
    });
    consumer = life;
    life.on(life.events.CRASH, ({ payload }) => endLife(payload.error));
    life.on(life.events.FETCH, () => {
      restart.reset();
      input.onResumed?.();
    });
    try {
      await life.connect();
      await life.subscribe({ topics: [input.topic], fromBeginning: input.fromBeginning });
      await life.run({
        eachBatchAutoResolve: false,
        // When a batch ends, however it ends, kafkajs itself commits what is resolved of it.
        autoCommitInterval: COMMIT_MS,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: async (payload) => {
          const work = eachBatch(payload);
          inHand.add(work);
          await work.finally(() => inHand.delete(work));
        },
      });
      if (stopping.signal.aborted) return;
      await ended;
    } finally {
      await Promise.allSettled(inHand);
      await life.disconnect().catch(() => undefined);
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await live();
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
      endLife(new Error("stopped"));
      await running;
    },
  };
}

function warnOfRestart(logger: BusLogger | undefined, facts: { topic: string; group: string; error: unknown }): void {
  logger?.warn(facts, "The Kafka consumer ended and will be started again");
}
