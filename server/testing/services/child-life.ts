import type { ChildProcess } from "node:child_process";

const STOP_TIMEOUT_MS = 15_000;

export interface ChildLife {
  /** Why the process is gone, or never came to be; null while it lives. */
  readonly failure: string | null;
  /**
   * Signals the process and resolves when it is gone; one that has not left after 15 s is killed. Safe to call twice.
   */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Follows a server that this process has started, and takes it along when this process exits. */
export function followChild(child: ChildProcess): ChildLife {
  let failure: string | null = null;
  const endWithParent = () => child.kill("SIGTERM");
  process.once("exit", endWithParent);
  const gone = new Promise<void>((done) => {
    const settle = (reason: string) => {
      failure ??= reason;
      process.off("exit", endWithParent);
      done();
    };
    child.once("exit", (code, signal) => settle(`it left with ${signal ?? `code ${code}`}`));
    child.once("error", (error) => settle(error.message));
  });
  return {
    get failure() {
      return failure;
    },
    async end(signal) {
      if (failure) return;
      child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
