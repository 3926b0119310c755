import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import { createHotTier } from "~/server/adapters/redis/hot-tier";
import { createSharedState } from "~/server/adapters/redis/shared-state/shared-state";
import { AppError } from "~/server/domain/errors";
import type { Settings } from "~/server/domain/settings";
import { newLeaseToken } from "~/server/lease-token";
import type { DocumentRow } from "~/server/ports/store/documents";
import type { Ctx, Deps } from "~/server/services/ctx";
import type { Principal } from "~/server/services/principal";
import { createProtectionSource } from "~/server/services/protection";
import { createReach } from "~/server/services/reach";
import { createSettingsSource } from "~/server/services/settings";
import { createTopicSchemaSource } from "~/server/services/topic-schemas";
import { VerifiedSessions } from "~/server/services/verified-sessions";
import { startRedis } from "~/server/testing/services/redis";

/** A caller without a session, because a key that a user creates needs the account of that user. */
export const ADMIN: Principal = {
  id: "admin",
  email: "admin@example.com",
  name: "Admin",
  role: "admin",
  via: "code",
};
export const SETUP_TOKEN = "setup-token-of-the-tests-0123456789";
/** Signs the cookies of the tests. */
export const AUTH_SECRET = "auth-secret-of-the-tests-0123456789";
export const ENV_KEY = "environment-key-of-the-tests";

export interface AccessStack {
  deps: Deps;
  redis: Redis;
  prefix: string;
  ctx(principal?: Principal | null): Ctx;
  /** Advances the clock, ms. */
  advanceClock(ms: number): void;
  /** Records the outbox, and returns the documents in the order in which they were recorded. */
  documents(): Promise<{ kind: string; json: string }[]>;
  /** Makes every read and write of the in-memory tables fail as if ClickHouse were down, or succeed again. */
  loseClickHouse(lost: boolean): void;
  /** Records the outbox, then deletes everything under the prefix, as if Redis had lost its data. */
  wipe(): Promise<void>;
}

/**
 * A real Redis with the real hot tier, under its own prefix. There is no bus, and ClickHouse is replaced by in-memory
 * tables with the newest version of each document from the outbox.
 */
export async function accessRedis(): Promise<{
  stack(over?: { environment?: Partial<Settings> }): AccessStack;
  close(): Promise<void>;
}> {
  const dir = await mkdtemp(join(tmpdir(), "access-redis-"));
  const server = process.env.TEST_REDIS_URL ? null : await startRedis({ dir });
  const redis = new Redis(process.env.TEST_REDIS_URL ?? (server as { url: string }).url);
  return {
    stack: (over) => buildStack(redis, over?.environment ?? {}),
    async close() {
      redis.disconnect();
      await server?.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function buildStack(redis: Redis, environment: Partial<Settings>): AccessStack {
  const prefix = `test:${randomUUID()}:`;
  const recorded: { kind: string; json: string }[] = [];
  const hot = createHotTier({ newLeaseToken, redis, prefix, shards: 1 });
  const shared = createSharedState({ redis, prefix, newHolder: newLeaseToken });
  const log = pino({ level: "silent" });
  let shiftMs = 0;
  let isDown = false;
  const store = {
    documents: async (kind: string) => {
      if (isDown) throw new AppError("clickhouse_unavailable", "ClickHouse is down");
      return newest((await documents()).filter((one) => one.kind === kind));
    },
    insertDocuments: async ({ kind, rows }: { kind: string; rows: readonly DocumentRow[] }) => {
      if (isDown) throw new AppError("clickhouse_unavailable", "ClickHouse is down");
      recorded.push(...rows.map(({ json }) => ({ kind, json })));
    },
    within: (): unknown => store,
    get shared(): unknown {
      return store;
    },
  };
  const deps = {
    ...shared,
    log,
    topicSchemas: createTopicSchemaSource({ hot, settingsChannel: shared.settingsChannel, log }),
    protection: createProtectionSource({ hot, settingsChannel: shared.settingsChannel, log }),
    settings: createSettingsSource({ hot, settingsChannel: shared.settingsChannel, environment, log }),
    clock: { now: () => Date.now() + shiftMs },
    reach: createReach({
      pings: { redis: shared.connection.ping, clickhouse: async () => {} },
      now: () => performance.now(),
    }),
    verifiedSessions: new VerifiedSessions(),
    breachedPasswords: null,
    random: Math.random,
    bus: null,
    env: {
      topicPrefix: "t",
      kafkaGroupId: "g",
      setupToken: SETUP_TOKEN,
      authSecret: AUTH_SECRET,
      requireSecondFactor: false,
      publicUrl: null,
      oidc: null,
      payloadKeys: [],
      adminApiKey: ENV_KEY,
    },
    hot,
    store,
  } as unknown as Deps;

  async function documents() {
    for (;;) {
      const batch = await hot.readBatch({ shard: 0, limit: 1000 });
      if (!batch) return recorded;
      recorded.push(...batch.documents);
      await hot.ackBatch({ batch, fenceTtlMs: 1000 });
    }
  }

  return {
    deps,
    redis,
    prefix,
    ctx: (principal = null) => ({ deps, principal, requestId: "test" }),
    advanceClock(ms) {
      shiftMs += ms;
    },
    documents,
    loseClickHouse(lost) {
      isDown = lost;
    },
    async wipe() {
      await documents();
      const keys = await redis.keys(`${prefix}*`);
      if (keys.length > 0) await redis.del(...keys);
    },
  };
}

function newest(documents: { json: string }[]): DocumentRow[] {
  const rows = new Map<string, DocumentRow>();
  for (const { json } of documents) {
    const { id, version, deleted } = JSON.parse(json) as { id: string; version: number; deleted: boolean };
    const known = rows.get(id);
    if (!known || known.version <= version) rows.set(id, { key: id, json, version, deleted });
  }
  return [...rows.values()];
}
