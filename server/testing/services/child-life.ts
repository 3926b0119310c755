import type { ChildProcess } from "node:child_process";

const STOP_TIMEOUT_MS = 15_000;

export interface ChildLife {
  /** Why the process ended or did not start; null while it runs. */
  readonly failure: string | null;
  /** Signals the process and resolves when it has ended; kills it after 15 s. Safe to call twice. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Watches a server that this process has started, and kills it when this process exits. */
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
    child.once("exit", (code, signal) => settle(`it ended with ${signal ?? `code ${code}`}`));
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
