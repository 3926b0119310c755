import type { Logger } from "pino";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import { BreachFileError, openBreachedPasswords } from "./adapters/breached-passwords";
import { createClickHouse } from "./adapters/clickhouse/connection/client";
import { migrate } from "./adapters/clickhouse/migrate";
import { createStore } from "./adapters/clickhouse/store";
import { createRedis, isCluster } from "./adapters/redis/connection/client";
import { createHotTier } from "./adapters/redis/hot-tier";
import { createSharedState } from "./adapters/redis/shared-state/shared-state";
import { DEFAULT_MAX_ENTRIES, streamPrefix } from "./adapters/redis/streams/streams-bus";
import { createVirtualClock } from "./adapters/redis/virtual-clock";
import { createBus } from "./bus";
import { clickHouseAccess } from "./clickhouse-access";
import { createRedisClock } from "./clock";
import { AppError } from "./domain/errors";
import type { OidcSettings } from "./domain/oidc";
import { SELF_TEST_ENTRIES, SELF_TEST_TOPIC } from "./domain/self-test";
import { type Env, EnvError, env, requireKnownZone } from "./env";
import { kafkaAccess } from "./kafka-access";
import { newLeaseToken } from "./lease-token";
import { createLogger } from "./logger";
import type { BreachedPasswords } from "./ports/breached-passwords";
import type { Locks } from "./ports/shared-state/locks";
import type { Store } from "./ports/store/store";
import { redisAccess } from "./redis-access";
import { requireStores } from "./require-stores";
import { ensureFirstAdmin, recoverAdmin, restoreAccess } from "./services/access";
import type { Deps } from "./services/ctx";
import { createCopyWatch } from "./services/documents/watch-copies";
import { applyPauseAll } from "./services/pause-all";
import { createProtectionSource, restoreProtection } from "./services/protection";
import { createReach } from "./services/reach";
import { refusalsOf } from "./services/refusals";
import { createSettingsSource, restoreSettings } from "./services/settings";
import { createTopicSchemaSource, restoreTopicSchemas } from "./services/topic-schemas";
import { VerifiedSessions } from "./services/verified-sessions";
import { openZones } from "./zones";

/** The dependencies of one process. */
export interface Container {
  deps: Deps;
  clockSkewMs: () => number;
  close(): Promise<void>;
}

/** The lock is not renewed. After this time another process may migrate too, even if the first is still migrating. */
const MIGRATION_LOCK_MS = 120_000;
const LOCK_POLL_MS = 250;
/** Short, because a virtual clock may be moved at any time. */
const VIRTUAL_CLOCK_INTERVAL_MS = 20;
/** Timeout of the web process for writes and calls without a deadline. Not for migrations and other processes. */
const WEB_CLICKHOUSE_TIMEOUT_MS = 8000;

// On `globalThis`, because Next loads modules several times in a process and must not multiply the connections.
const holder = globalThis as unknown as { stufioContainer?: Promise<Container> };

/**
 * Returns this process's container, created by the first call. Throws `EnvError`, `StartFault`, or errors of a store.
 */
export function openContainer(name: "web" | "worker" | "code"): Promise<Container> {
  holder.stufioContainer ??= create(name).catch((error) => {
    holder.stufioContainer = undefined;
    throw error;
  });
  return holder.stufioContainer;
}

/** Closes all connections of this process. */
export async function closeContainer(): Promise<void> {
  const container = await holder.stufioContainer;
  holder.stufioContainer = undefined;
  await container?.close();
}

async function create(name: string): Promise<Container> {
  const environment = env();
  const log = createLogger({ name, level: environment.LOG_LEVEL });
  for (const variable of environment.unknownSettings) log.warn({ variable }, "ignored variable that is not a setting");
  let breachedPasswords: BreachedPasswords | null;
  try {
    openZones({ tzdataDir: environment.TZDATA_DIR ?? null, log });
    requireKnownZone(environment);
    breachedPasswords = await breachedPasswordsOf(environment);
    await requireStores(environment);
  } catch (error) {
    // The worker prints the error itself, and `code` throws it to its caller.
    if (name === "web") log.error((error as Error).message);
    throw error;
  }
  const redis = createRedis(redisAccess(environment));
  // Never trim unread messages of the delayed topic.
  const untrimmedPrefix = `${environment.KAFKA_TOPIC_PREFIX}.delayed`;
  // In a cluster, a script may use only the slot of its shard, and a stream is in another slot.
  const inPlace = environment.KAFKA_BROKERS === undefined && environment.PUBLISH_IN_PLACE && !isCluster(redis);
  const hot = createHotTier({
    newLeaseToken,
    redis,
    ...keysOf(environment),
    hasVirtualClock: environment.VIRTUAL_CLOCK,
    isBusElsewhere: environment.KAFKA_BROKERS !== undefined,
    streams: inPlace
      ? { keyPrefix: streamPrefix(environment.REDIS_PREFIX), maxEntries: DEFAULT_MAX_ENTRIES, untrimmedPrefix }
      : null,
  });
  const shared = createSharedState({ redis, prefix: environment.REDIS_PREFIX, newHolder: newLeaseToken });
  const intervalMs = environment.VIRTUAL_CLOCK ? VIRTUAL_CLOCK_INTERVAL_MS : undefined;
  const clock = createRedisClock({ redisNow: () => hot.now(), log, intervalMs });
  const clickhouse = clickHouseAccess(environment);
  const requestTimeoutMs = name === "web" ? WEB_CLICKHOUSE_TIMEOUT_MS : undefined;
  const client = createClickHouse({ ...clickhouse, requestTimeoutMs });

  const settings = createSettingsSource({
    hot,
    settingsChannel: shared.settingsChannel,
    environment: environment.settings,
    log,
  });
  const topicSchemas = createTopicSchemaSource({ hot, settingsChannel: shared.settingsChannel, log });
  const protection = createProtectionSource({ hot, settingsChannel: shared.settingsChannel, log });
  const store = createStore(client, { rollups: () => settings.current().analyticsEnabled });
  const bus = createBus({
    kafka: kafkaOptions(environment, name),
    redisStreams: {
      redis,
      prefix: environment.REDIS_PREFIX,
      maxEntries: (topic) => {
        if (topic === SELF_TEST_TOPIC) return SELF_TEST_ENTRIES;
        return topic.startsWith(untrimmedPrefix) ? null : DEFAULT_MAX_ENTRIES;
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
    topicSchemas,
    protection,
    breachedPasswords,
    clock,
    ...(environment.VIRTUAL_CLOCK
      ? { virtualClock: createVirtualClock({ redis, ...keysOf(environment), refresh: clock.refresh }) }
      : {}),
    reach: createReach({
      pings: { redis: () => shared.connection.ping(), clickhouse: () => pingOf(store) },
      now: () => performance.now(),
    }),
    verifiedSessions: new VerifiedSessions(),
    random: Math.random,
    log,
    env: {
      topicPrefix: environment.KAFKA_TOPIC_PREFIX,
      kafkaGroupId: environment.KAFKA_GROUP_ID,
      setupToken: environment.SETUP_TOKEN ?? null,
      authSecret: environment.AUTH_SECRET ?? null,
      publicUrl: environment.PUBLIC_URL ?? null,
      requireSecondFactor: environment.REQUIRE_SECOND_FACTOR,
      oidc: oidcSettings(environment),
      adminApiKey: environment.ADMIN_API_KEY ?? null,
      payloadKeys: environment.PAYLOAD_ENCRYPTION_KEYS ?? [],
    },
  };
  await clock.start();
  await warnOfEviction(hot, log);
  const migrator = createClickHouse(clickhouse);
  await migrate(migrator, {
    database: environment.CLICKHOUSE_DATABASE,
    cluster: environment.CLICKHOUSE_CLUSTER ?? null,
    onNewer: (migrations) => log.warn({ migrations }, "the database was migrated by a newer version and is compatible"),
    withLock: (run) => withLock(shared.locks, run),
  });
  await migrator.close();
  const restore = async () => {
    await restoreAccess({ deps });
    await restoreSettings({ deps });
    await applyPauseAll(deps);
    await restoreTopicSchemas({ deps });
    await restoreProtection({ deps });
  };
  // Restore before anything uses accounts and settings.
  await restore();
  const copies = createCopyWatch({ deps, restore });
  copies.start();
  await settings.start();
  await topicSchemas.start();
  await protection.start();
  await bus.start();
  if (environment.ADMIN_EMAIL && environment.ADMIN_PASSWORD) {
    await ensureFirstAdmin({ deps, email: environment.ADMIN_EMAIL, password: environment.ADMIN_PASSWORD });
  }
  if (name === "web" && environment.RECOVER_ADMIN) await logRecoveryLink(deps, environment, environment.RECOVER_ADMIN);
  return {
    deps,
    clockSkewMs: environment.VIRTUAL_CLOCK ? () => 0 : clock.skewMs,
    async close() {
      clock.stop();
      await refusalsOf(deps).flush();
      await copies.stop();
      await settings.stop();
      topicSchemas.stop();
      protection.stop();
      await bus.stop();
      await store.close();
      redis.disconnect();
    },
  };
}

const keysOf = ({ REDIS_PREFIX: prefix, REDIS_SHARDS: shards }: Env) => ({ prefix, shards });

function oidcSettings(environment: Env): OidcSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, PUBLIC_URL: publicUrl } = environment;
  if (issuer === undefined || clientId === undefined || publicUrl === undefined) return null;
  return {
    ...{ issuer, clientId, clientSecret: environment.OIDC_CLIENT_SECRET ?? null },
    scopes: environment.OIDC_SCOPES.split(/\s+/).filter(Boolean),
    groupsClaim: environment.OIDC_GROUPS_CLAIM,
    roleOfGroup: environment.OIDC_ROLE_MAP ?? new Map(),
    defaultRole: environment.OIDC_DEFAULT_ROLE ?? null,
    name: environment.OIDC_NAME,
    publicUrl: publicUrl.replace(/\/+$/, ""),
  };
}

/** Only the log shows the link. A person who can read the log could also read the credentials of the stores. */
async function logRecoveryLink(deps: Deps, environment: Env, email: string): Promise<void> {
  const address = environment.PUBLIC_URL?.replace(/\/+$/, "") ?? `http://${environment.HOST}:${environment.PORT}`;
  try {
    const { token, expiresAt } = await recoverAdmin({ deps, email });
    const link = `${address}/password-link#${token}`;
    deps.log.warn({ email, link, expiresAt }, "link for the admin of RECOVER_ADMIN; remove the variable now");
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    deps.log.error(error.message);
  }
}

/** @throws EnvError if the file cannot be used */
async function breachedPasswordsOf({ BREACHED_PASSWORDS_FILE: path }: Env): Promise<BreachedPasswords | null> {
  if (path === undefined) return null;
  return openBreachedPasswords(path).catch((error) => {
    if (!(error instanceof BreachFileError)) throw error;
    throw new EnvError([`BREACHED_PASSWORDS_FILE ${error.message}, got "${path}"`]);
  });
}

/** Throws if ClickHouse does not respond. */
async function pingOf(store: Store): Promise<void> {
  const { ok, detail } = await store.ping();
  if (!ok) throw new Error(detail);
}

function kafkaOptions(environment: Env, name: string) {
  if (environment.KAFKA_BROKERS === undefined) return null;
  const { KAFKA_BROKERS: brokers, KAFKA_COMPRESSION: compression } = environment;
  return { brokers, clientId: `stufio-schedules-${name}`, compression, access: kafkaAccess(environment) };
}

/**
 * Logs an error if Redis has another eviction policy than `noeviction`, because a full Redis may then drop data. Does
 * nothing if the server does not report its policy.
 */
async function warnOfEviction(hot: HotTier, log: Logger): Promise<void> {
  const { policy } = await hot.memory();
  if (policy === "unknown" || policy === "noeviction") return;
  log.error({ policy }, "Redis may drop schedules: set maxmemory-policy to noeviction");
}

/** Runs migrations under a lock. A process that waited for a successful migration finds nothing to do. */
async function withLock<T>(locks: Locks, run: () => Promise<T>): Promise<T> {
  const lock = locks("migrate", MIGRATION_LOCK_MS);
  while (!(await lock.hold())) await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  try {
    return await run();
  } finally {
    await lock.release();
  }
}
