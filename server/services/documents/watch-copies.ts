import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Deps } from "~/server/services/ctx";

/** Time between two checks, ms. Accounts and settings must be restored within 10 s of a loss of Redis. */
const CHECK_MS = 2000;
const WATCHED = [
  DOCUMENT_KIND.account,
  DOCUMENT_KIND.setting,
  DOCUMENT_KIND.topicSchema,
  DOCUMENT_KIND.protectionRule,
] as const;

export interface CopyWatch {
  start(): void;
  stop(): Promise<void>;
}

/**
 * Restores the copies of accounts, settings, payload schemas and protection rules after a loss of Redis, and after each
 * reconnect, because Redis may have lost its last writes. Runs in every process, so that a web process needs no worker.
 */
export function createCopyWatch(input: {
  deps: Pick<Deps, "connection" | "hot" | "log">;
  restore: () => Promise<void>;
}): CopyWatch {
  const { deps, restore } = input;
  const { connection, hot, log } = deps;
  /** True after a reconnect or a failed restore, until a restore succeeds. */
  let mayBeStale = false;
  let timer: NodeJS.Timeout | undefined;
  let checking: Promise<void> = Promise.resolve();
  let stopped = true;
  let unsubscribe = () => {};

  async function check(): Promise<void> {
    const copied = await Promise.all(WATCHED.map((kind) => hot.isCopied(kind)));
    const lost = copied.includes(false);
    if (!lost && !mayBeStale) return;
    mayBeStale = false;
    try {
      await restore();
    } catch (error) {
      mayBeStale = true;
      throw error;
    }
    if (lost) log.warn("restored accounts, settings, payload schemas and protection rules lost by Redis");
  }

  function scheduleCheck(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      checking = check()
        .catch((error: unknown) =>
          log.warn(
            { err: error },
            "could not restore accounts, settings, payload schemas and protection rules, trying again",
          ),
        )
        .finally(scheduleCheck);
    }, CHECK_MS);
    timer.unref();
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      unsubscribe = connection.onConnected(() => {
        mayBeStale = true;
      });
      scheduleCheck();
    },
    async stop() {
      stopped = true;
      unsubscribe();
      clearTimeout(timer);
      await checking;
    },
  };
}
