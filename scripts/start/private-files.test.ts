import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePrivate, readOrCreateSecret } from "./private-files.mjs";

let dir: string;
const umask = process.umask();
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "private-"));
});
afterEach(() => {
  process.umask(umask);
  rmSync(dir, { recursive: true, force: true });
});
const mode = (path: string) => (statSync(join(dir, path)).mode & 0o777).toString(8);

describe("a data directory", () => {
  it("becomes private, and so do the files of an older version", () => {
    mkdirSync(join(dir, "data/redis/appendonlydir"), { recursive: true });
    mkdirSync(join(dir, "data/clickhouse/store"), { recursive: true });
    writeFileSync(join(dir, "data/redis/appendonlydir/appendonly.aof.1.incr.aof"), "x");
    writeFileSync(join(dir, "data/start.lock"), "x");
    for (const path of ["data", "data/redis", "data/clickhouse"]) chmodSync(join(dir, path), 0o755);
    chmodSync(join(dir, "data/start.lock"), 0o644);
    makePrivate(join(dir, "data"));
    for (const path of ["data", "data/redis", "data/redis/appendonlydir", "data/clickhouse", "data/clickhouse/store"]) {
      expect([path, mode(path)]).toEqual([path, "700"]);
    }
    for (const path of ["data/start.lock", "data/redis/appendonlydir/appendonly.aof.1.incr.aof"]) {
      expect([path, mode(path)]).toEqual([path, "600"]);
    }
  });

  it("keeps its mode if it also contains files of others (it may be a home directory)", () => {
    chmodSync(dir, 0o755);
    writeFileSync(join(dir, "notes.txt"), "x");
    chmodSync(join(dir, "notes.txt"), 0o644);
    mkdirSync(join(dir, "redis"));
    makePrivate(dir);
    expect([mode("."), mode("notes.txt"), mode("redis")]).toEqual(["755", "644", "700"]);
  });

  it("stores a secret that is generated once and that only its owner can read", () => {
    makePrivate(dir);
    const secret = readOrCreateSecret(join(dir, "api-key"));
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect([readOrCreateSecret(join(dir, "api-key")), mode("api-key")]).toEqual([secret, "600"]);
  });
});
