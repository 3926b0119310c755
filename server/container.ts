import type { Logger } from "pino";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import { createClickHouse } from "./adapters/clickhouse/connection/client";
import { migrate } from "./adapters/clickhouse/migrate";
import { createStore } from "./adapters/clickhouse/store";
import { createRedis, isCluster } from "./adapters/redis/connection/client";
import { createHotTier } from "./adapters/redis/hot-tier";
import { createSharedState } from "./adapters/redis/shared-state/shared-state";
import { DEFAULT_MAX_ENTRIES, streamPrefix } from "./adapters/redis/streams/streams-bus";
import { createBus } from "./bus";
import { clickHouseAccess } from "./clickhouse-access";
import { createRedisClock } from "./clock";
import { SELF_TEST_ENTRIES, SELF_TEST_TOPIC } from "./domain/self-test";
import { type Env, env, requireKnownZone } from "./env";
import { kafkaAccess } from "./kafka-access";
import { newLeaseToken } from "./lease-token";
import { createLogger } from "./logger";
import type { Locks } from "./ports/shared-state/locks";
import { redisAccess } from "./redis-access";
import { requireStores } from "./require-stores";
import { ensureFirstAdmin, restoreAccess } from "./services/access";
import type { Deps } from "./services/ctx";
import { createCopyWatch } from "./services/documents/watch-copies";
import { createSettingsSource, restoreSettings } from "./services/settings";
import { openZones } from "./zones";

/** What one process needs, made once. */
export interface Container {
  deps: Deps;
  clockSkewMs: () => number;
  close(): Promise<void>;
}

const MIGRATION_LOCK_MS = 120_000;
const LOCK_POLL_MS = 250;
/** For a request's writes, and for calls without a deadline. Migrations and the worker may take longer. */
const WEB_CLICKHOUSE_TIMEOUT_MS = 8000;

// Next loads modules more than once in a process; the connections must not multiply with them.
const holder = globalThis as unknown as { stufioContainer?: Promise<Container> };

/** The container of this process, made at the first call. Throws `EnvError`, or what a store answers. */
export function openContainer(name: "web" | "worker" | "code"): Promise<Container> {
  holder.stufioContainer ??= create(name).catch((error) => {
    holder.stufioContainer = undefined;
    throw error;
  });
  return holder.stufioContainer;
}

/** Ends all connections of this process. */
export async function closeContainer(): Promise<void> {
  const container = await holder.stufioContainer;
  holder.stufioContainer = undefined;
  await container?.close();
}

async function create(name: string): Promise<Container> {
  const given = env();
  const log = createLogger({ name, level: given.LOG_LEVEL });
  for (const variable of given.unknownSettings) log.warn({ variable }, "this variable names no setting");
  try {
    openZones({ tzdataDir: given.TZDATA_DIR ?? null, log });
    requireKnownZone(given);
    await requireStores(given);
  } catch (error) {
    if (name === "web") log.error((error as Error).message);
    throw error;
  }
  const redis = createRedis(redisAccess(given));
  // What was not read yet of the delayed topic must never be trimmed away.
  const untrimmed = `${given.KAFKA_TOPIC_PREFIX}.delayed`;
  // A cluster's scripts keep to the slot of one shard, and a stream has a slot of its own.
  const inPlace = given.KAFKA_BROKERS === undefined && given.PUBLISH_IN_PLACE && !isCluster(redis);
  const hot = createHotTier({
    newLeaseToken,
    redis,
    prefix: given.REDIS_PREFIX,
    shards: given.REDIS_SHARDS,
    streams: inPlace
      ? { keyPrefix: streamPrefix(given.REDIS_PREFIX), maxEntries: DEFAULT_MAX_ENTRIES, untrimmed }
      : null,
  });
  const shared = createSharedState({ redis, prefix: given.REDIS_PREFIX, newHolder: newLeaseToken });
  const clock = createRedisClock({ redisNow: () => hot.now(), log });
  const clickhouse = clickHouseAccess(given);
  const requestTimeoutMs = name === "web" ? WEB_CLICKHOUSE_TIMEOUT_MS : undefined;
  const client = createClickHouse({ ...clickhouse, requestTimeoutMs });

  const settings = createSettingsSource({
    hot,
    settingsChannel: shared.settingsChannel,
    environment: given.settings,
    log,
  });
  const store = createStore(client, { rollups: () => settings.current().analyticsEnabled });
  const bus = createBus({
    kafka: kafkaOptions(given, name),
    redisStreams: {
      redis,
      prefix: given.REDIS_PREFIX,
      maxEntries: (topic) => {
        if (topic === SELF_TEST_TOPIC) return SELF_TEST_ENTRIES;
        return topic.startsWith(untrimmed) ? null : DEFAULT_MAX_ENTRIES;
      },
    },
    logger: log,
  });
  const deps: Deps = {
    hot,
    store,
    bus,
    ...shared,
    settings,
    clock,
    random: Math.random,
    log,
    facts: {
      topicPrefix: given.KAFKA_TOPIC_PREFIX,
      kafkaGroupId: given.KAFKA_GROUP_ID,
      setupToken: given.SETUP_TOKEN ?? null,
      adminApiKey: given.ADMIN_API_KEY ?? null,
    },
  };
  await clock.start();
  await warnOfEviction(hot, log);
  const migrator = createClickHouse(clickhouse);
  await migrate(migrator, {
    database: given.CLICKHOUSE_DATABASE,
    cluster: given.CLICKHOUSE_CLUSTER ?? null,
    onNewer: (migrations) => log.warn({ migrations }, "a newer version has migrated the database; this one can use it"),
    withLock: (run) => withLock(shared.locks, run),
  });
  await migrator.close();
  const restore = async () => {
    await restoreAccess({ deps });
    await restoreSettings({ deps });
  };
  // Before anything acts on them.
  await restore();
  const copies = createCopyWatch({ deps, restore });
  copies.start();
  await settings.start();
  await bus.start();
  if (given.ADMIN_EMAIL && given.ADMIN_PASSWORD) {
    await ensureFirstAdmin({ deps, email: given.ADMIN_EMAIL, password: given.ADMIN_PASSWORD });
  }
  return {
    deps,
    clockSkewMs: clock.skewMs,
    async close() {
      clock.stop();
      await copies.stop();
      await settings.stop();
      await bus.stop();
      await store.close();
      redis.disconnect();
    },
  };
}

function kafkaOptions(given: Env, name: string) {
  if (given.KAFKA_BROKERS === undefined) return null;
  const { KAFKA_BROKERS: brokers, KAFKA_COMPRESSION: compression } = given;
  return { brokers, clientId: `stufio-schedules-${name}`, compression, access: kafkaAccess(given) };
}

/**
 * Any policy but `noeviction` lets a full Redis drop schedules without a word. A server that does not say is not asked
 * again.
 */
async function warnOfEviction(hot: HotTier, log: Logger): Promise<void> {
  const { policy } = await hot.memory();
  if (policy === "unknown" || policy === "noeviction") return;
  log.error({ policy }, "REDIS MAY DROP SCHEDULES: set maxmemory-policy to noeviction");
}

/** Who starts first migrates; the others wait for it, then find nothing left to do. */
async function withLock<T>(locks: Locks, run: () => Promise<T>): Promise<T> {
  const lock = locks("migrate", MIGRATION_LOCK_MS);
  while (!(await lock.hold())) await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  try {
    return await run();
  } finally {
    await lock.release();
  }
}
