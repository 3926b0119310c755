import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { createStore } from "~/server/adapters/clickhouse/store";
import { createRedis } from "~/server/adapters/redis/connection/client";
import type { Redis } from "~/server/adapters/redis/connection/redis-types";
import { createHotTier } from "~/server/adapters/redis/hot-tier";
import { createSharedState } from "~/server/adapters/redis/shared-state/shared-state";
import { createBus } from "~/server/bus";
import type { EncryptionKey } from "~/server/domain/protection/sealed";
import { DEFAULT_SETTINGS, type Settings } from "~/server/domain/settings";
import { startEmbedded } from "~/server/embedded-clickhouse/start";
import { newLeaseToken } from "~/server/lease-token";
import type { Bus } from "~/server/ports/bus";
import type { Ctx, Deps } from "~/server/services/ctx";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { createProtectionSource } from "~/server/services/protection";
import { createReach } from "~/server/services/reach";
import { createTopicSchemaSource } from "~/server/services/topic-schemas";
import { VerifiedSessions } from "~/server/services/verified-sessions";
import { startRedis } from "~/server/testing/services/redis";
import { createTables, dropDatabase } from "./test-database";

/** A real Redis, ClickHouse and bus, with their own prefix and database. */
export interface TestStack {
  deps: Deps;
  ctx: Ctx;
  /** The connection of `deps`. */
  redis: Redis;
  prefix: string;
  /** The variables with which another process (worker/main.ts) joins this stack. */
  env: Record<string, string>;
  /** The messages of a topic, oldest first (only Redis Streams). */
  published(topic: string): Promise<{ value: string; headers: Record<string, string> }[]>;
  /** Changes the settings of all dependencies of this stack. */
  change(settings: Partial<Settings>): void;
  /** Opens the same stores with other connections, like another process. */
  another(): Promise<Deps>;
  stop(): Promise<void>;
}

/** Uses the Redis and the ClickHouse that `npm test` has started, or starts its own. */
export async function startTestStack(
  input: {
    kafka?: { brokers: string[] };
    redis?: { url: string; shards: number };
    clickhouse?: { url: string };
    payloadKeys?: readonly EncryptionKey[];
  } = {},
): Promise<TestStack> {
  const ends: (() => Promise<unknown>)[] = [];
  const dir = await mkdtemp(join(tmpdir(), "stufio-test-"));
  ends.push(() => rm(dir, { recursive: true, force: true }));
  const shards = input.redis?.shards ?? 1;
  const redisUrl =
    input.redis?.url ??
    process.env.TEST_REDIS_URL ??
    (await startOwned(startRedis({ dir: join(dir, "redis") }), ends)).url;
  const clickhouseUrl =
    input.clickhouse?.url ??
    process.env.TEST_CLICKHOUSE_URL ??
    (await startOwned(startEmbedded({ path: join(dir, "clickhouse") }), ends)).url;
  const id = randomUUID().replaceAll("-", "").slice(0, 12);
  const prefix = `t${id}:`;
  const database = `t${id}`;
  const clickhouse = createClickHouse({ url: clickhouseUrl, database });
  await createTables(clickhouse, { url: clickhouseUrl, database });
  ends.push(async () => {
    await clickhouse.close();
    // Only the ClickHouse of `npm test` keeps the databases of ended tests.
    if (clickhouseUrl === process.env.TEST_CLICKHOUSE_URL) await dropDatabase(clickhouseUrl, database);
  });
  // The self-test is off unless a test enables it.
  let settings: Settings = { ...DEFAULT_SETTINGS, selfTestIntervalSeconds: 0 };

  async function open(redis: Redis): Promise<Deps> {
    const hot = createHotTier({ newLeaseToken, redis, prefix, shards });
    const client = createClickHouse({ url: clickhouseUrl, database });
    const store = createStore(client, { rollups: () => settings.analyticsEnabled });
    const bus: Bus = createBus({
      kafka: input.kafka ? { ...input.kafka, clientId: `test-${id}` } : null,
      redisStreams: { redis, prefix, maxEntries: () => null },
    });
    const shared = createSharedState({ redis, prefix, newHolder: newLeaseToken });
    await bus.start();
    ends.push(async () => {
      await bus.stop();
      await store.close();
      redis.disconnect();
    });
    const log = pino({ level: process.env.TEST_LOG_LEVEL ?? "silent" });
    return {
      hot,
      store,
      bus,
      ...shared,
      topicSchemas: createTopicSchemaSource({ hot, settingsChannel: shared.settingsChannel, log }),
      protection: createProtectionSource({ hot, settingsChannel: shared.settingsChannel, log }),
      settings: { current: () => settings, isKnown: () => true, environment: {}, refresh: async () => {} },
      clock: { now: Date.now },
      reach: createReach({
        pings: { redis: shared.connection.ping, clickhouse: async () => void (await store.ping()) },
        now: () => performance.now(),
      }),
      verifiedSessions: new VerifiedSessions(),
      breachedPasswords: null,
      random: Math.random,
      log,
      env: {
        topicPrefix: "stufio.events",
        kafkaGroupId: `g${id}`,
        setupToken: null,
        authSecret: null,
        requireSecondFactor: false,
        publicUrl: null,
        oidc: null,
        adminApiKey: null,
        payloadKeys: input.payloadKeys ?? [],
      },
    };
  }

  const redis = createRedis({ url: redisUrl });
  const deps = await open(redis);
  return {
    deps,
    ctx: { deps, principal: SYSTEM_PRINCIPAL, requestId: "test" },
    redis,
    prefix,
    env: {
      REDIS_URL: redisUrl,
      REDIS_PREFIX: prefix,
      REDIS_SHARDS: String(shards),
      CLICKHOUSE_URL: clickhouseUrl,
      CLICKHOUSE_DATABASE: database,
      KAFKA_GROUP_ID: `g${id}`,
      ...(input.kafka ? { KAFKA_BROKERS: input.kafka.brokers.join(",") } : {}),
    },
    async published(topic) {
      const entries = await redis.xrange(`${prefix}bus:${topic}`, "-", "+");
      return entries.map(([, fields]) => {
        const at = (name: string) => fields[fields.indexOf(name) + 1] ?? "";
        return { value: at("value"), headers: JSON.parse(at("headers")) };
      });
    },
    change(patch) {
      settings = { ...settings, ...patch };
    },
    another: () => open(createRedis({ url: redisUrl })),
    async stop() {
      for (const end of ends.reverse()) await end();
    },
  };
}

async function startOwned<T extends { stop(): Promise<unknown> }>(
  starting: Promise<T>,
  ends: (() => Promise<unknown>)[],
): Promise<T> {
  const service = await starting;
  ends.push(() => service.stop());
  return service;
}

/**
 * Polls until `ready` returns something other than null, for tests of changes without a signal. The type refuses a
 * boolean, because false is not null.
 */
export async function eventually<T extends object | string | number | true>(
  ready: () => Promise<T | null>,
  input: { timeoutMs?: number; what: string },
): Promise<T> {
  const deadline = Date.now() + (input.timeoutMs ?? 30_000);
  for (;;) {
    const value = await ready();
    if (value !== null) return value;
    if (Date.now() > deadline) throw new Error(`timed out, waiting for: ${input.what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
