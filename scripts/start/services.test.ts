import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startedAt } from "./lock.mjs";
import { freePort } from "./network.mjs";

const STARTER = fileURLToPath(new URL("./start-redis.fixture.mjs", import.meta.url));
/** Time limit of the wait for a server's end. */
const END_TIMEOUT_MS = 15_000;
let dataDir: string;
let cleanups: (() => unknown)[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "services-"));
  cleanups = [() => rmSync(dataDir, { recursive: true, force: true })];
});
afterEach(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

/** Starts a process that starts a Redis in the data directory and keeps running. `answer` is its first report. */
async function launch(port?: number, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [STARTER, dataDir, String(port ?? (await freePort()))], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  cleanups.push(() => child.kill("SIGKILL"));
  const lines: string[] = [];
  const firstReport = new Promise<{ url: string; pid: number } | { error: string }>((done) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      if (line.startsWith("{")) done(JSON.parse(line));
    });
  });
  return { child, lines, answer: await firstReport };
}

/** Like `launch`, for a Redis that must start. */
async function starter(port?: number, env?: Record<string, string>) {
  const { child, lines, answer } = await launch(port, env);
  if ("error" in answer) throw new Error(answer.error);
  return { child, lines, ...answer };
}

/** Stops the starter and its Redis cleanly. */
async function end({ child, pid }: Awaited<ReturnType<typeof starter>>) {
  child.kill("SIGTERM");
  await once(child, "exit");
  await vi.waitFor(() => expect(serversIn(dataDir)).toEqual([]), END_TIMEOUT_MS);
  return pid;
}

/** Process ids of the Redis servers with data in the directory. */
function serversIn(dir: string): number[] {
  const { stdout } = spawnSync("pgrep", ["-x", "redis-server|valkey-server"], { encoding: "utf8" });
  const folderOf = (pid: string) => spawnSync("readlink", [`/proc/${pid}/cwd`], { encoding: "utf8" }).stdout.trim();
  return stdout
    .split("\n")
    .filter((pid) => pid !== "" && folderOf(pid).startsWith(dir))
    .map(Number);
}

async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    lazyConnect: true,
    enableReadyCheck: false,
    protocol: 2,
  });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

describe("the embedded Redis", () => {
  it("requires a password that only its owner can read and that no process list shows", async () => {
    const { url, pid } = await starter();
    const urlWithoutPassword = url.replace(/:[^:@]*@/, "");
    await expect(
      ask(urlWithoutPassword, (redis) => redis.config("SET", "maxmemory-policy", "allkeys-lru")),
    ).rejects.toThrow("NOAUTH");
    expect(await ask(url, (redis) => redis.config("GET", "maxmemory-policy"))).toEqual([
      "maxmemory-policy",
      "noeviction",
    ]);
    const password = new URL(url).password;
    expect(password.length).toBeGreaterThanOrEqual(32);
    expect(spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout).not.toContain(password);
    expect(await ask(url, (redis) => redis.config("GET", "bind"))).toEqual(["bind", "127.0.0.1"]);
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true });
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const mode = statSync(join(file.parentPath, file.name)).mode & 0o777;
      expect([file.name, mode.toString(8)]).toEqual([file.name, file.isDirectory() ? "700" : "600"]);
    }
    expect(startedAt(pid)).not.toBeNull();
  });

  it("keeps its port and its password across starts", async () => {
    // Port 0 stands for the port of the last start.
    const first = await starter(0);
    await ask(first.url, (redis) => redis.set("k", "v"));
    await end(first);
    const second = await starter(0);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, (redis) => redis.get("k"))).toBe("v");
  });

  it("ends within 5 s when its parent is killed with -9, and the next start can use the data", async () => {
    const first = await starter();
    await ask(first.url, (redis) => redis.set("k", "v"));
    first.child.kill("SIGKILL");
    const killedAt = Date.now();
    await vi.waitFor(() => expect(serversIn(dataDir)).toEqual([]), { timeout: END_TIMEOUT_MS, interval: 100 });
    expect(Date.now() - killedAt).toBeLessThan(5000);
    const second = await starter();
    expect(await ask(second.url, (redis) => redis.get("k"))).toBe("v");
  });

  it("does not start in a directory that another server has locked", async () => {
    const first = await starter();
    const second = await launch();
    expect(second.answer).toEqual({
      error: expect.stringMatching(/another process uses its data: .*redis\/lock is locked/),
    });
    expect(serversIn(dataDir)).toHaveLength(1);
    // Redis itself holds the lock.
    expect(spawnSync("flock", ["-n", join(dataDir, "redis", "lock"), "true"]).status).toBe(1);
    await end(first);
    expect(spawnSync("flock", ["-n", join(dataDir, "redis", "lock"), "true"]).status).toBe(0);
  });

  it("says which port is in use and how to choose another", async () => {
    const port = await freePort();
    const first = await starter(port);
    dataDir = mkdtempSync(join(tmpdir(), "services-"));
    const second = await launch(port);
    expect(second.answer).toEqual({ error: expect.stringContaining(`EMBEDDED_REDIS_PORT=${port + 1} npm start`) });
    // The output of Redis is not shown.
    expect(second.lines).toHaveLength(1);
    expect(startedAt(first.pid)).not.toBeNull();
  });

  it("takes the next port if another program takes the port before Redis listens, and keeps it", async () => {
    const port = await freePort();
    writeFileSync(join(dataDir, "redis.port"), `${port}\n`);
    const real = spawnSync("sh", ["-c", "command -v redis-server || command -v valkey-server"], { encoding: "utf8" });
    const programs = mkdtempSync(join(tmpdir(), "programs-"));
    cleanups.push(() => rmSync(programs, { recursive: true, force: true }));
    const program = `#!/bin/sh
grep -q '^port "${port}"$' "$1" && echo "bind: Address already in use" && exit 1
exec ${real.stdout.trim()} "$@"
`;
    writeFileSync(join(programs, "redis-server"), program, { mode: 0o755 });
    const first = await starter(0, { PATH: `${programs}:${process.env.PATH}` });
    const chosen = Number(new URL(first.url).port);
    expect(chosen).toBeGreaterThan(port);
    expect(first.lines.join("\n")).toContain(`port ${port} of 127.0.0.1 is in use; redis gets port ${chosen}`);
    expect(await ask(first.url, (redis) => redis.ping())).toBe("PONG");
    await end(first);
    expect((await starter(0)).url).toBe(first.url);
  });

  it.runIf(process.getuid?.() === 0)("leaves no server running when it starts on a full disk", async () => {
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", dataDir]);
    if (mounted.status !== 0) throw new Error(`cannot mount a small disk: ${mounted.stderr}`);
    cleanups.push(() => spawnSync("umount", ["-l", dataDir]));
    spawnSync("sh", ["-c", `head -c 2000000 /dev/zero > ${join(dataDir, "filler")}`]);
    const full = await launch();
    expect(full.answer).toEqual({ error: expect.stringMatching(/ENOSPC|no space left/i) });
    await once(full.child, "exit");
    await vi.waitFor(() => expect(serversIn(dataDir)).toEqual([]), END_TIMEOUT_MS);
    rmSync(join(dataDir, "filler"));
    const freed = await starter();
    expect(await ask(freed.url, (redis) => redis.set("k", "v"))).toBe("OK");
    expect(serversIn(dataDir)).toHaveLength(1);
  });
});

describe("a damaged append-only file", () => {
  const folder = () => join(dataDir, "redis", "appendonlydir");
  const last = () => join(folder(), readdirSync(folder()).find((name) => name.endsWith(".incr.aof")) as string);

  async function fillRedis() {
    const redis = await starter();
    await ask(redis.url, async (client) => {
      for (let i = 0; i < 500; i += 1) await client.set(`key:${i}`, "v".repeat(50));
      await client.set("stufio:{0}:epoch", "1");
    });
    await end(redis);
  }

  const cases: [string, () => void, { keys: number; epoch: string | null; copies: number }][] = [
    ["with zeros at its end", () => appendFileSync(last(), Buffer.alloc(8192)), { keys: 500, epoch: null, copies: 1 }],
    [
      "with garbage at its end",
      () => appendFileSync(last(), Buffer.alloc(999, 7)),
      { keys: 500, epoch: null, copies: 1 },
    ],
    ["of nothing but zeros", () => writeFileSync(last(), Buffer.alloc(4096)), { keys: 0, epoch: null, copies: 1 }],
    [
      "with a base of zeros",
      () => {
        const base = readdirSync(folder()).find((name) => name.endsWith(".rdb")) as string;
        writeFileSync(join(folder(), base), Buffer.alloc(88));
      },
      { keys: 0, epoch: null, copies: 1 },
    ],
    [
      "whose manifest is empty",
      () => writeFileSync(join(folder(), "appendonly.aof.manifest"), ""),
      { keys: 0, epoch: null, copies: 1 },
    ],
    [
      "with an incomplete last command, which Redis repairs",
      () => writeFileSync(last(), readFileSync(last()).subarray(0, -3)),
      { keys: 500, epoch: null, copies: 0 },
    ],
  ];
  it.each(cases)(
    "%s is repaired or moved aside, and the epoch is gone, so that a rebuild follows",
    async (_, damage, expected) => {
      await fillRedis();
      damage();
      const { url, lines } = await starter();
      const found = await ask(url, async (redis) => ({
        keys: (await redis.keys("key:*")).length,
        epoch: await redis.get("stufio:{0}:epoch"),
      }));
      const copies = readdirSync(join(dataDir, "redis")).filter((name) => name.startsWith("damaged-")).length;
      expect({ ...found, copies }).toEqual(expected);
      if (copies > 0)
        expect(lines.join("\n")).toMatch(
          /append-only file was damaged.*rebuilt from ClickHouse. Changes that were not recorded/,
        );
    },
  );
});
