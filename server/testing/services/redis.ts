import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type ChildHandle, superviseChild } from "./child-handle";
import { freePort } from "./free-port";

const HOST = "127.0.0.1";
const READY_TIMEOUT_MS = 30_000;
const PROBE_INTERVAL_MS = 25;

export interface RunningRedis {
  url: string;
  port: number;
  pid: number;
  /** Stops the server cleanly, or kills it after 15 s. Safe to call twice. */
  stop(): Promise<void>;
  /** Ends the server with `kill -9`. */
  kill9(): Promise<void>;
}

export interface StartRedisInput {
  /** Folder for the data and `redis.log`; created if it is missing. */
  dir: string;
  /** By default a free port. */
  port?: number;
  /** Writes an append-only file (fsync every second). Off by default. */
  appendonly?: boolean;
  /** Further arguments for `redis-server`, such as `["--maxmemory", "8mb"]`. */
  extraArgs?: readonly string[];
}

/** The path of `redis-server` or `valkey-server`; null if there is none. */
export function findRedisServer(): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
  for (const name of ["redis-server", "valkey-server"]) {
    for (const folder of folders) {
      if (!folder) continue;
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {}
    }
  }
  return null;
}

/**
 * Starts a Redis on loopback and waits until it has loaded its data. Throws the end of its log if it exits or is not
 * ready within 30 s. Redis has its own process group, so that Ctrl-C does not stop it before its clients.
 */
export async function startRedis(input: StartRedisInput): Promise<RunningRedis> {
  const binary = findRedisServer();
  if (!binary) throw new Error("Neither redis-server nor valkey-server is installed.");
  const dir = resolve(input.dir);
  await mkdir(dir, { recursive: true });
  const port = input.port ?? (await freePort());
  const persistence = input.appendonly
    ? ["--appendonly", "yes", "--appendfsync", "everysec"]
    : ["--appendonly", "no", "--save", ""];
  const basics = ["--port", String(port), "--bind", HOST, "--dir", dir, "--logfile", join(dir, "redis.log")];
  const child = spawn(binary, [...basics, "--daemonize", "no", ...persistence, ...(input.extraArgs ?? [])], {
    stdio: "ignore",
    detached: true,
  });
  const handle = superviseChild(child);
  try {
    await untilReady({ port, child, handle });
  } catch (error) {
    await handle.end("SIGKILL");
    const log = await readFile(join(dir, "redis.log"), "utf8").catch(() => "");
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`redis-server on port ${port} did not start: ${reason}\n${log.slice(-1500)}`);
  }
  return {
    url: `redis://${HOST}:${port}`,
    port,
    pid: child.pid as number,
    stop: () => handle.end("SIGTERM"),
    kill9: () => handle.end("SIGKILL"),
  };
}

async function untilReady(input: { port: number; child: ChildProcess; handle: ChildHandle }): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (input.handle.failure) throw new Error(input.handle.failure);
    const answer = await probe(input.port);
    // The process id shows that the answer is from this server and not from one that had the port before.
    if (
      answer.includes("-NOAUTH") ||
      (answer.includes("+PONG") && answer.includes(`process_id:${input.child.pid}\r`))
    ) {
      return;
    }
    await pause(PROBE_INTERVAL_MS);
  }
  throw new Error(`no answer to PING within ${READY_TIMEOUT_MS} ms`);
}

/** The answer to PING and INFO; empty if there is none within a second. */
function probe(port: number): Promise<string> {
  return new Promise((done) => {
    let answer = "";
    const socket = connect({ port, host: HOST });
    socket.setTimeout(1000, () => socket.destroy());
    socket.once("connect", () => socket.write("PING\r\nINFO server\r\nQUIT\r\n"));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.once("error", () => socket.destroy());
    socket.once("close", () => done(answer));
  });
}
