import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../../server/testing/services/free-port";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** A start that prints nothing for this long has hung: its long steps print a line every 15 s. */
const SILENCE_LIMIT_MS = 300_000;
/** Variables that must not affect the tests. */
const FOREIGN = ["REDIS_URL", "CLICKHOUSE_URL", "KAFKA_BROKERS", "ADMIN_EMAIL", "ADMIN_PASSWORD", "ADMIN_API_KEY"];

/** A stack that `npm start` or `npm run dev` runs. */
export interface OwnStack {
  readonly address: string;
  readonly dataDir: string;
  /** The environment for commands that use the stack. */
  readonly env: NodeJS.ProcessEnv;
  /** The output so far. */
  output(): string;
  /** Resolves with the match when the output matches. Rejects if the start ends or hangs. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

/** Runs the start script of the project in `root`, with a new data directory and, by default, a free port. */
export async function startOwnStack(input: {
  args?: string[];
  root?: string;
  env?: Record<string, string>;
  port?: string;
  /** Gets each line of the output. */
  onLine?: (line: string) => void;
}): Promise<OwnStack> {
  const root = input.root ?? ROOT;
  const dataDir = await mkdtemp(join(tmpdir(), "stufio-own-"));
  const port = input.port ?? String(await freePort());
  const env = {
    ...process.env,
    ...Object.fromEntries(FOREIGN.map((name) => [name, ""])),
    // By default, stacks that start at the same moment would choose the same first free port.
    EMBEDDED_REDIS_PORT: String(await freePort()),
    ...input.env,
    DATA_DIR: input.args?.includes("--ephemeral") ? "" : dataDir,
    HOST: "127.0.0.1",
    PORT: port,
  };
  const start = spawn(process.execPath, [join(root, "scripts/start.mjs"), ...(input.args ?? [])], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(start, "exit");
  let output = "";
  let printedAt = Date.now();
  const waiting = new Set<() => void>();
  createInterface({ input: start.stdout }).on("line", (line) => {
    output += `${line}\n`;
    printedAt = Date.now();
    input.onLine?.(line);
    for (const check of waiting) check();
  });
  return {
    address: `http://127.0.0.1:${port}`,
    dataDir,
    env,
    output: () => output,
    async printed(pattern: RegExp) {
      let check = () => {};
      let timer: NodeJS.Timeout | undefined;
      const found = new Promise<RegExpExecArray>((done, fail) => {
        const failure = (what: string) => new Error(`the start ${what} ${pattern}:\n${output.slice(-3000)}`);
        check = () => {
          const match = pattern.exec(output);
          if (match) done(match);
        };
        waiting.add(check);
        timer = setInterval(() => {
          if (Date.now() - printedAt > SILENCE_LIMIT_MS) fail(failure("has hung without printing"));
        }, 1000);
        void ended.then(() => fail(failure("ended without printing")));
        check();
      });
      return found.finally(() => {
        waiting.delete(check);
        clearInterval(timer);
      });
    },
    async stop() {
      start.kill("SIGTERM");
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
