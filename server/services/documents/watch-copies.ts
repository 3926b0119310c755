import type { Deps } from "~/server/services/ctx";

/** A lost Redis must be noticed well within the 10 s in which accounts and settings are to be back. */
const LOOK_MS = 2000;

export interface CopyWatch {
  start(): void;
  stop(): Promise<void>;
}

/**
 * Fills the copies of accounts and settings again where Redis was lost, in every process: a web process needs no worker
 * for it. Also after each new connection, behind which Redis may be back without its last writes; what was removed
 * meanwhile must not stay.
 */
export function createCopyWatch(input: {
  deps: Pick<Deps, "connection" | "hot" | "log">;
  restore: () => Promise<void>;
}): CopyWatch {
  const { deps, restore } = input;
  const { connection, hot, log } = deps;
  let stale = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let stopped = true;
  let offConnected = () => {};

  async function look(): Promise<void> {
    const lost = !(await hot.isCopied("u")) || !(await hot.isCopied("g"));
    if (!lost && !stale) return;
    stale = false;
    try {
      await restore();
    } catch (error) {
      stale = true;
      throw error;
    }
    if (lost) log.warn("Redis had lost accounts and settings: restored from ClickHouse");
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      looking = look()
        .catch((error: unknown) => log.warn({ err: error }, "accounts and settings not restored, trying again"))
        .finally(next);
    }, LOOK_MS);
    timer.unref();
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      offConnected = connection.onConnected(() => {
        stale = true;
      });
      next();
    },
    async stop() {
      stopped = true;
      offConnected();
      clearTimeout(timer);
      await looking;
    },
  };
}
