import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningRedis, startRedis } from "~/server/testing/services/redis";
import { type EmbeddedClickHouse, startEmbedded } from "./embedded-clickhouse/start";
import { parseEnv } from "./env";
import { requireStores } from "./require-stores";

let dir: string;
let redis: RunningRedis;
let replica: RunningRedis;
let engine: EmbeddedClickHouse;
let web: Server;
let webPort: number;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "stores-"));
  redis = await startRedis({ dir: join(dir, "a"), extraArgs: ["--requirepass", "s3cret"] });
  const master = ["--replicaof", "127.0.0.1", String(redis.port), "--masterauth", "s3cret"];
  replica = await startRedis({ dir: join(dir, "b"), extraArgs: master });
  engine = await startEmbedded({ path: join(dir, "c") });
  web = createServer((_, response) => response.writeHead(404).end("no")).listen(0, "127.0.0.1");
  await new Promise((done) => web.once("listening", done));
  webPort = (web.address() as AddressInfo).port;
}, 120_000);
afterAll(async () => {
  web?.close();
  await engine?.stop();
  await replica?.stop();
  await redis?.stop();
  await rm(dir, { recursive: true, force: true });
});

const good = () => ({ REDIS_URL: `redis://:s3cret@127.0.0.1:${redis.port}`, CLICKHOUSE_URL: engine.url });
const faultOf = (variables: Record<string, string>) =>
  requireStores(parseEnv({ ...good(), ...variables })).then(
    () => "",
    (error: Error) => `${error.name}: ${error.message}`,
  );

test("accepts stores that can be used", async () => expect(await faultOf({})).toBe(""));

const cases: [string, () => Record<string, string>, RegExp][] = [
  [
    "a refused connection to Redis",
    () => ({ REDIS_URL: "redis://user:s3cret@127.0.0.1:1" }),
    /^StartFault: REDIS_URL redis:\/\/127\.0\.0\.1:1\/0: nothing listens at this address\. Start the server/,
  ],
  [
    "a host name that does not resolve",
    () => ({ REDIS_URL: "redis://:s3cret@no-such-host.invalid:6379" }),
    /REDIS_URL redis:\/\/no-such-host\.invalid:6379\/0: the host name cannot be resolved\. Correct the host/,
  ],
  [
    "a web server instead of Redis",
    () => ({ REDIS_URL: `redis://127.0.0.1:${webPort}` }),
    /the server is not Redis\. Correct the port/,
  ],
  [
    "no password",
    () => ({ REDIS_URL: `redis://127.0.0.1:${redis.port}` }),
    /Redis requires a password\. Set REDIS_PASSWORD/,
  ],
  [
    "a wrong password",
    () => ({ REDIS_URL: `redis://:wr0ng@127.0.0.1:${redis.port}` }),
    /Redis refuses the user name or password\. Correct/,
  ],
  [
    "a TLS URL of a server without TLS",
    () => ({ REDIS_URL: `rediss://:s3cret@127.0.0.1:${redis.port}` }),
    /REDIS_URL rediss:.* (TLS)/,
  ],
  [
    "a read-only replica",
    () => ({ REDIS_URL: `redis://127.0.0.1:${replica.port}` }),
    /this is a read-only replica\. Use its master 127\.0\.0\.1:\d+/,
  ],
  [
    "a refused connection to ClickHouse",
    () => ({ CLICKHOUSE_URL: "http://default:s3cret@127.0.0.1:1" }),
    /CLICKHOUSE_URL http:\/\/127\.0\.0\.1:1: nothing listens at this address/,
  ],
  [
    "a web server instead of ClickHouse",
    () => ({ CLICKHOUSE_URL: `http://127.0.0.1:${webPort}` }),
    /CLICKHOUSE_URL http:\/\/127\.0\.0\.1:\d+: /,
  ],
  [
    "Redis for ClickHouse",
    () => ({ CLICKHOUSE_URL: `http://127.0.0.1:${redis.port}` }),
    /does not answer as ClickHouse over HTTP\. Use the HTTP port/,
  ],
];
test.each(cases)(
  "reports %s in one line with the variable, the address, the cause and the remedy",
  async (_, variables, expected) => {
    const fault = await faultOf(variables());
    expect(fault).toMatch(expected);
    expect(fault).not.toMatch(/\n|s3cret|wr0ng/);
  },
);
