import type { Consumption, Delivered } from "~/server/ports/bus";
import type { Deps } from "~/server/services/ctx";
import { consumeDelayed } from "~/server/services/firing/consume";
import { createConsumeSummary } from "~/server/services/firing/consume-summary";
import { type Loop, newStatus, recordResult } from "../loop";

/** A batch of this size suggests that more messages wait. */
const FULL_BATCH = 500;
/** How long after a full batch the reader counts as behind. */
const BEHIND_MS = 200;

interface ConsumeStatus {
  isBehind: () => boolean;
}

/**
 * Reads the delayed topic. If processing a batch throws, the bus does not commit the batch and delivers it again. Each
 * read is a tick, even if it has no messages or fails, and so is the end of each batch.
 */
export function createConsumeLoop(input: {
  deps: Deps;
  onTick?: (name: string) => void;
  now?: () => number;
}): Loop & ConsumeStatus {
  const { deps, now = Date.now } = input;
  const { bus, env, log } = deps;
  const name = "consume";
  const topic = `${env.topicPrefix}.delayed`;
  const summary = createConsumeSummary(deps, topic);
  const status = newStatus(name);
  let starting: Promise<Consumption> | null = null;
  let isInterrupted = false;
  let fullAt = Number.NEGATIVE_INFINITY;
  /** When each batch in progress began. */
  const begunAt = new Map<Delivered[], number>();

  function recordTick(): void {
    status.ticks += 1;
    // Reads of other partitions continue while a batch hangs, so no tick counts as later than the oldest batch's start.
    status.lastTickAt = new Date(Math.min(now(), ...begunAt.values())).toISOString();
    input.onTick?.(name);
  }

  return {
    name,
    start() {
      if (starting !== null || bus === null) return;
      const subscription = {
        topic,
        group: `${env.kafkaGroupId}.schedules.delayed_events`,
        fromBeginning: true as const,
        async onBatch(batch: Delivered[]) {
          if (batch.length >= FULL_BATCH) fullAt = performance.now();
          begunAt.set(batch, now());
          try {
            const report = await consumeDelayed(deps, batch);
            log.debug({ ...report }, "delayed messages stored");
            summary.add(report);
            recordResult(status, null);
          } catch (error) {
            recordResult(status, error as Error);
            throw error;
          } finally {
            begunAt.delete(batch);
            recordTick();
          }
        },
        onInterrupted(error: Error) {
          status.restarts += 1;
          isInterrupted = true;
          recordResult(
            status,
            new Error(`Reading the delayed topic was interrupted: ${error.message}`, { cause: error }),
          );
          recordTick();
        },
        onResumed() {
          if (isInterrupted) recordResult(status, null);
          isInterrupted = false;
          recordTick();
        },
      };
      // Reading a missing topic fails. If the topic cannot be created, reading reports the error.
      starting = bus
        .ensureTopic(topic)
        .catch((error) => log.debug({ err: error, topic }, "could not create the delayed topic"))
        .then(() => bus.consume(subscription));
      starting.catch((error) => {
        recordResult(status, error as Error);
        log.error({ err: error }, "could not read the delayed topic");
      });
    },
    async stop() {
      const consumption = await starting?.catch(() => null);
      starting = null;
      await consumption?.stop();
      await summary
        .flush()
        .catch((error) => log.warn({ err: error }, "could not write the summary of the delayed topic"));
    },
    wake() {},
    status: () => ({ ...status }),
    isBehind: () => performance.now() - fullAt < BEHIND_MS,
  };
}
