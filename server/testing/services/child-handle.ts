import type { ChildProcess } from "node:child_process";

const STOP_TIMEOUT_MS = 15_000;

export interface ChildHandle {
  /** Why the process exited or did not start; null while it runs. */
  readonly failure: string | null;
  /** Sends the signal and waits for the exit. Kills the process after 15 s. Safe to call twice. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Tracks the end of a child process, and terminates the child when this process exits. */
export function superviseChild(child: ChildProcess): ChildHandle {
  let failure: string | null = null;
  const terminate = () => child.kill("SIGTERM");
  process.once("exit", terminate);
  const exited = new Promise<void>((done) => {
    const finish = (reason: string) => {
      failure ??= reason;
      process.off("exit", terminate);
      done();
    };
    child.once("exit", (code, signal) => finish(`the process exited with ${signal ?? `code ${code}`}`));
    child.once("error", (error) => finish(error.message));
  });
  return {
    get failure() {
      return failure;
    },
    async end(signal) {
      if (failure) return;
      child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
