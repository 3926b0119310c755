import type { Consumption, Delivered } from "~/server/ports/bus";
import type { Deps } from "~/server/services/ctx";
import { consumeDelayed } from "~/server/services/firing/consume";
import { type Loop, newStatus, noteResult } from "../loop";

/** A batch of so many says that more wait behind it. */
const FULL_BATCH = 500;
/** After a full batch, at most, until the next one of the same fetch is in hand. */
const BEHIND_MS = 200;

interface ConsumeStatus {
  /** More waits in the topic than was read. */
  isBehind: () => boolean;
}

/**
 * The reader of the delayed topic. The bus drives it, so it has no pause of its own: a batch that throws is not
 * committed and comes again.
 */
export function createConsumeLoop(input: { deps: Deps; onTick?: (name: string) => void }): Loop & ConsumeStatus {
  const { deps } = input;
  const { bus, facts, log } = deps;
  const name = "consume";
  const status = newStatus(name);
  let starting: Promise<Consumption> | null = null;
  let interrupted = false;
  let fullAt = Number.NEGATIVE_INFINITY;

  return {
    name,
    start() {
      if (starting !== null || bus === null) return;
      const topic = `${facts.topicPrefix}.delayed`;
      const given = {
        topic,
        group: `${facts.kafkaGroupId}.schedules.delayed_events`,
        fromBeginning: true as const,
        async onBatch(batch: Delivered[]) {
          if (batch.length >= FULL_BATCH) fullAt = performance.now();
          try {
            const report = await consumeDelayed(deps, batch);
            log.debug({ ...report }, "delayed messages stored");
            noteResult(status, null);
          } catch (error) {
            noteResult(status, error as Error);
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
          noteResult(
            status,
            new Error(`Reading the delayed topic was interrupted: ${error.message}`, { cause: error }),
          );
        },
        onResumed() {
          if (interrupted) noteResult(status, null);
          interrupted = false;
        },
      };
      // Reading a topic that does not exist yet begins with a failure. Where it cannot be created, that failure says
      // why.
      starting = bus
        .ensureTopic(topic)
        .catch((error) => log.debug({ err: error, topic }, "the delayed topic could not be created"))
        .then(() => bus.consume(given));
      starting.catch((error) => {
        noteResult(status, error as Error);
        log.error({ err: error }, "the delayed topic can't be read");
      });
    },
    async stop() {
      const consumption = await starting?.catch(() => null);
      starting = null;
      await consumption?.stop();
    },
    wake() {},
    status: () => ({ ...status }),
    isBehind: () => performance.now() - fullAt < BEHIND_MS,
  };
}
