import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificate } from "~/server/testing/certificate";
import { freePort } from "~/server/testing/services/free-port";
import { findRedisServer, startRedis } from "~/server/testing/services/redis";
import { claimOne, create, done, freshTier, oneTime } from "../testing/hot-tier-fixture";
import { createRedis, type RedisAccess } from "./client";
import type { Redis } from "./redis-types";

const hasOpenssl = !spawnSync("openssl", ["version"]).error;
if (!hasOpenssl) console.warn("Skipping the tests of Redis over TLS: openssl is missing");

let dir: string;
const cleanups: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "redis-reach-"));
  cleanups.push(() => rm(dir, { recursive: true, force: true }));
});
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
}, 60_000);

function connect(access: RedisAccess): Redis {
  const redis = createRedis(access);
  cleanups.push(async () => redis.disconnect());
  return redis;
}

/** Creates, claims and settles one occurrence. Returns the result of the settle. */
async function fireOnce(redis: Redis): Promise<string | undefined> {
  const { hot } = freshTier(redis);
  await hot.putMany([create(oneTime((await hot.now()) - 1))]);
  return (await hot.settle([done(await claimOne(hot))]))[0];
}

describe.skipIf(!hasOpenssl)("a Redis that requires TLS, a user and a password", () => {
  const PASSWORD = "p@ss:w/rd%?#ü";
  let ca: string;
  let port: number;

  beforeAll(async () => {
    const { keyFile, certFile } = await makeCertificate(dir, "redis");
    ca = await readFile(certFile, "utf8");
    port = await freePort();
    const files = ["--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certFile];
    const extraArgs = ["--tls-port", String(port), ...files, "--tls-auth-clients", "no"];
    const server = await startRedis({ dir: join(dir, "tls"), extraArgs });
    cleanups.push(() => server.stop());
    const admin = connect({ url: server.url });
    await admin.call("ACL", "SETUSER", "app", "on", `>${PASSWORD}`, "~*", "&*", "+@all");
    await admin.call("ACL", "SETUSER", "default", "off");
  });

  it.each([
    ["in the URL", () => ({ url: `rediss://app:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}` })],
    ["beside the URL", () => ({ url: `rediss://localhost:${port}`, username: "app", password: PASSWORD })],
  ])("serves a client that trusts its certificate and has user and password %s", async (_, access) => {
    expect(await fireOnce(connect({ ...access(), tls: { ca } }))).toBe("settled");
  });

  it.each([
    ["does not trust its certificate", () => ({ tls: {} })],
    ["has a wrong password", () => ({ tls: { ca }, password: "wrong" })],
  ])("refuses a client that %s", async (_, over) => {
    const access = { url: `rediss://127.0.0.1:${port}`, username: "app", password: PASSWORD, ...over() };
    await expect(connect(access).ping()).rejects.toThrow();
  });
});

describe("a master behind sentinels", () => {
  it("is replaced after a failover", { timeout: 60_000 }, async () => {
    const master = await startRedis({ dir: join(dir, "master"), appendonly: true });
    const replicaOf = ["--replicaof", "127.0.0.1", String(master.port)];
    const replica = await startRedis({ dir: join(dir, "replica"), appendonly: true, extraArgs: replicaOf });
    const sentinelPort = await freePort();
    const config = join(dir, "sentinel.conf");
    await writeFile(
      config,
      [
        `port ${sentinelPort}`,
        "bind 127.0.0.1",
        `dir ${dir}`,
        `sentinel monitor main 127.0.0.1 ${master.port} 1`,
        "sentinel down-after-milliseconds main 500",
        "sentinel failover-timeout main 5000",
      ].join("\n"),
    );
    const sentinel = spawn(findRedisServer() as string, [config, "--sentinel"], { stdio: "ignore" });
    cleanups.push(async () => {
      sentinel.kill("SIGKILL");
      await once(sentinel, "exit");
      await Promise.all([master.stop(), replica.stop()]);
    });
    const sentinelClient = connect({ url: `redis://127.0.0.1:${sentinelPort}` });
    const countReplicas = () =>
      sentinelClient.call("SENTINEL", "REPLICAS", "main").then((found) => (found as unknown[]).length);
    await expect.poll(countReplicas, { timeout: 30_000 }).toBe(1);
    // A sentinel does not promote a replica that was never in sync.
    const replicaClient = connect({ url: `redis://127.0.0.1:${replica.port}` });
    await expect.poll(() => replicaClient.info("replication"), { timeout: 30_000 }).toContain("master_link_status:up");

    const redis = connect({ url: `redis+sentinel://127.0.0.1:${sentinelPort}/main` });
    expect(await fireOnce(redis)).toBe("settled");
    await master.kill9();
    await expect.poll(() => fireOnce(redis).catch(() => "not yet"), { timeout: 30_000 }).toBe("settled");
    expect(await redis.info("replication")).toContain("role:master");
  });
});
