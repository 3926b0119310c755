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
  /** Whether more messages probably wait, because a full batch was read a moment ago. */
  isBehind: () => boolean;
}

/**
 * The reader of the delayed topic. The bus drives it, so it has no pause of its own. A batch that throws is not
 * committed and is delivered again.
 */
export function createConsumeLoop(input: { deps: Deps; onTick?: (name: string) => void }): Loop & ConsumeStatus {
  const { deps } = input;
  const { bus, env, log } = deps;
  const name = "consume";
  const topic = `${env.topicPrefix}.delayed`;
  const summary = createConsumeSummary(deps, topic);
  const status = newStatus(name);
  let starting: Promise<Consumption> | null = null;
  let interrupted = false;
  let fullAt = Number.NEGATIVE_INFINITY;

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
          try {
            const report = await consumeDelayed(deps, batch);
            log.debug({ ...report }, "delayed messages stored");
            summary.add(report);
            recordResult(status, null);
          } catch (error) {
            recordResult(status, error as Error);
            throw error;
          } finally {
            status.ticks += 1;
            status.lastTickAt = new Date().toISOString();
            input.onTick?.(name);
          }
        },
        onInterrupted(error: Error) {
          status.restarts += 1;
          interrupted = true;
          recordResult(
            status,
            new Error(`Reading the delayed topic was interrupted: ${error.message}`, { cause: error }),
          );
        },
        onResumed() {
          if (interrupted) recordResult(status, null);
          interrupted = false;
        },
      };
      // Created first, because reading a missing topic fails until it exists. A failure to create it is only logged,
      // because reading then fails too and reports its own error.
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
      await summary.flush().catch((error) => log.warn({ err: error }, "summary of the delayed topic not written"));
    },
    wake() {},
    status: () => ({ ...status }),
    isBehind: () => performance.now() - fullAt < BEHIND_MS,
  };
}
