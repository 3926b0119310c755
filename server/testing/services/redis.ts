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
  /** Stops the server cleanly; kills it after 15 s. Safe to call twice. */
  stop(): Promise<void>;
  /** `kill -9`: nothing is flushed. Resolves when the process has ended. */
  kill9(): Promise<void>;
}

export interface StartRedisInput {
  /** Folder for the data and `redis.log`; created if it is missing. */
  dir: string;
  /** By default a free port. */
  port?: number;
  /** Keeps an append-only file (fsync every second). Off by default. */
  appendonly?: boolean;
  /** Further arguments for `redis-server`, such as `["--maxmemory", "8mb"]`. */
  extraArgs?: readonly string[];
}

/** The full path of `redis-server`, or of the compatible Valkey server, in PATH; null if there is none. */
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
 * Starts a Redis on loopback and waits until it answers PING (an append-only file is loaded by then). Throws with the
 * end of its log if it exits or is not ready within 30 s. It runs in its own process group, so that Ctrl-C stops
 * the processes that use it before Redis itself. It is stopped when this process exits.
 */
export async function startRedis(input: StartRedisInput): Promise<RunningRedis> {
  const binary = findRedisServer();
  if (!binary) throw new Error("redis-server is not installed: no redis-server on PATH");
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
    // -NOAUTH means that the server is up and has a password. The process id distinguishes it from a server that had
    // the port before.
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

/** The port's answer to PING and INFO within a second; empty if nothing listens. */
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
