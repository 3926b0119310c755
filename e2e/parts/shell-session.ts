import { spawn } from "node:child_process";
import { once } from "node:events";

/** One bash process, so that variables of a command are known to the next one. */
export interface ShellSession {
  /** Runs commands and returns what they print. Throws with the output of the session if one of them fails. */
  run(code: string): Promise<string>;
  end(): Promise<void>;
}

/** Starts a session. A command that fails ends it, as in a script with `set -eo pipefail`. */
export function openShell(input: { cwd: string; env: NodeJS.ProcessEnv }): ShellSession {
  const shell = spawn("bash", ["--norc", "-eo", "pipefail"], { ...input, stdio: "pipe" });
  let output = "";
  let errors = "";
  let check = () => {};
  shell.stdout.on("data", (chunk) => {
    output += chunk;
    check();
  });
  shell.stderr.on("data", (chunk) => (errors += chunk));
  const ended = once(shell, "exit").then(() => true);
  return {
    async run(code) {
      const mark = `end of block ${crypto.randomUUID()}`;
      output = "";
      const done = new Promise<false>((resolve) => {
        check = () => {
          if (output.includes(mark)) resolve(false);
        };
      });
      // Without this redirection, a program could read the next commands from the shell's input.
      shell.stdin.write(`{\n${code}\n} < /dev/null\necho "${mark}"\n`);
      if (await Promise.race([done, ended])) throw new Error(`A command failed:\n${code}\n${output}\n${errors}`);
      return output.slice(0, output.indexOf(mark));
    },
    async end() {
      shell.stdin.end();
      await ended;
    },
  };
}
