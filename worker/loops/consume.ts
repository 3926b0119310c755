import type { Consumption } from "~/server/adapters/bus/bus-types";
import type { Deps } from "~/server/services/ctx";
import { consumeDelayed } from "~/server/services/firing/consume";
import type { Loop } from "../loop";

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
  const status = { name, lastTickAt: null as string | null, lastError: null as string | null, ticks: 0 };
  let starting: Promise<Consumption> | null = null;
  let interruptions = 0;
  let interrupted = false;
  let fullAt = Number.NEGATIVE_INFINITY;

  return {
    name,
    start() {
      if (starting !== null || bus === null) return;
      starting = bus.consume({
        topic: `${facts.topicPrefix}.delayed`,
        group: `${facts.kafkaGroupId}.schedules.delayed_events`,
        fromBeginning: true,
        async onBatch(batch) {
          if (batch.length >= FULL_BATCH) fullAt = performance.now();
          try {
            const report = await consumeDelayed(deps, batch);
            log.debug({ ...report }, "delayed messages stored");
            status.lastError = null;
          } catch (error) {
            status.lastError = (error as Error).message;
            throw error;
          } finally {
            status.ticks += 1;
            status.lastTickAt = new Date().toISOString();
            input.onTick?.(name);
          }
        },
        onInterrupted(error) {
          interruptions += 1;
          interrupted = true;
          status.lastError = `Reading the delayed topic was interrupted (${interruptions} since the start): ${error.message}`;
        },
        onResumed() {
          if (interrupted) status.lastError = null;
          interrupted = false;
        },
      });
      starting.catch((error) => {
        status.lastError = (error as Error).message;
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
