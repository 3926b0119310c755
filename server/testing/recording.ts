import { setTimeout as pause } from "node:timers/promises";
import type { Deps } from "~/server/services/ctx";
import { createRecorder } from "~/server/services/firing/record";

const INTERVAL_MS = 20;

/** Records until the shard's outbox is empty. */
export async function recordAll(deps: Deps, shard: number): Promise<void> {
  const recorder = createRecorder(deps, shard);
  while ((await recorder.once()).entries > 0);
}

/**
 * Records shard 0 in the background until it is stopped. `stop` throws an error of the recording.
 */
export function keepRecording(deps: Deps): { stop(): Promise<void> } {
  let stopped = false;
  const work = (async () => {
    while (!stopped) {
      await recordAll(deps, 0);
      await pause(INTERVAL_MS);
    }
  })();
  // Without a handler, an error would end the process before `stop` is called.
  work.catch(() => undefined);
  return {
    stop() {
      stopped = true;
      return work;
    },
  };
}
