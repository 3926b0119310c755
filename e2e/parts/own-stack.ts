import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../../server/testing/services/free-port";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A stack of its own, apart from the one that the other specs share. */
export interface OwnStack {
  readonly address: string;
  /** The environment for commands that a reader types beside the stack. */
  readonly env: NodeJS.ProcessEnv;
  /** The output of the start so far. */
  output(): string;
  /** Resolves when the output contains the text; rejects if the start ends first. */
  printed(text: string | RegExp): Promise<void>;
  stop(): Promise<void>;
}

/** Runs the start script of the project in `root` with these options, with its own data directory and port. */
export async function startOwnStack(input: { args: string[]; root?: string }): Promise<OwnStack> {
  const root = input.root ?? ROOT;
  const dataDir = await mkdtemp(join(tmpdir(), "stufio-own-"));
  const port = await freePort();
  const none = ["REDIS_URL", "CLICKHOUSE_URL", "KAFKA_BROKERS", "ADMIN_EMAIL", "ADMIN_PASSWORD", "ADMIN_API_KEY"];
  const env = {
    ...process.env,
    ...Object.fromEntries(none.map((name) => [name, ""])),
    DATA_DIR: dataDir,
    HOST: "127.0.0.1",
    PORT: String(port),
  };
  const start = spawn(process.execPath, [join(root, "scripts/start.mjs"), ...input.args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { address: `http://127.0.0.1:${port}`, env, ...follow(start, dataDir) };
}

function follow(start: ChildProcess, dataDir: string) {
  const ended = once(start, "exit");
  let output = "";
  const waiting = new Set<() => void>();
  createInterface({ input: start.stdout as NodeJS.ReadableStream }).on("line", (line) => {
    output += `${line}\n`;
    for (const check of waiting) check();
  });
  return {
    output: () => output,
    printed: (text: string | RegExp) =>
      new Promise<void>((done, fail) => {
        const check = () => {
          if (typeof text === "string" ? !output.includes(text) : !text.test(output)) return;
          waiting.delete(check);
          done();
        };
        waiting.add(check);
        void ended.then(() => fail(new Error(`the start ended without printing ${text}:\n${output.slice(-3000)}`)));
        check();
      }),
    async stop() {
      start.kill("SIGTERM");
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
