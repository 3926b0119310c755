import type { HotNames } from "~/server/ports/hot/names";
import type { HotServer } from "~/server/ports/hot/server";
import { duplicateRedis } from "./connection/client";
import { redisMemory } from "./connection/memory";
import { redisPersistence } from "./connection/persistence";
import { replyWithin } from "./connection/redis-errors";
import type { Redis } from "./connection/redis-types";
import { redisServerInfo } from "./connection/server-info";
import type { HotRedis } from "./hot-redis";
import { runScript } from "./script/script";
import { rebuildEndScript, releaseNameScript } from "./script/scripts";

/** A century, so that names do not expire. The remaining TTL tells when a name was reserved. */
const NAME_TTL_MS = 100 * 365 * 86_400_000;

/** How long the persistence settings are cached. Health checks read them often. */
const PERSISTENCE_TTL_MS = 5_000;
const PROBE_TTL_MS = 1_000;

type ServerPart = HotNames & Omit<HotServer, "stats" | "leaseHolders">;

export function createServerPart(
  hot: HotRedis,
  input: { subscriber: Redis | undefined; commandTimeoutMs: number },
): ServerPart {
  const { redis, keys } = hot;

  /** Each shard has its own epoch, because a cluster may lose one of several masters. */
  async function epoch(): Promise<string | null> {
    const found = await Promise.all(keys.shards.map((shard) => hot.ask(redis.get(shard.epoch))));
    return found.includes(null) ? null : (found[0] ?? null);
  }

  return {
    async reserveName({ name, scheduleId }) {
      const key = keys.name(name);
      for (;;) {
        const set = await hot.ask(redis.set(key, scheduleId, "PX", NAME_TTL_MS, "NX"));
        if (set === "OK") return { ok: true, fresh: true };
        const [holder, leftMs] = await Promise.all([hot.ask(redis.get(key)), hot.ask(redis.pttl(key))]);
        // The name was released between the commands (-2: no such key).
        if (holder === null || leftMs === -2) continue;
        if (holder === scheduleId) return { ok: true, fresh: false };
        // -1: the key has no TTL, so its age is unknown and counts as infinite.
        return { ok: false, holder, ageMs: leftMs === -1 ? Number.POSITIVE_INFINITY : NAME_TTL_MS - leftMs };
      }
    },

    nameHolders: (names) => Promise.all(names.map((name) => hot.ask(redis.get(keys.name(name))))),

    async releaseName({ name, scheduleId }) {
      const call = { keys: { name: keys.name(name) }, args: { id: scheduleId } };
      await hot.ask(runScript(redis, releaseNameScript, call));
    },

    epoch,

    async beginRebuild(token) {
      await Promise.all(keys.shards.map((shard) => hot.ask(redis.set(shard.rebuild, token))));
    },

    async endRebuild(token) {
      const ends = await Promise.all(
        hot.shardNumbers.map((shard) => hot.run(rebuildEndScript, { shard, args: { token } })),
      );
      return ends.every((end) => end === 1);
    },

    async now() {
      const [[seconds, micros], offsetMs] = await Promise.all([hot.ask(redis.time()), hot.clockOffsetMs()]);
      return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000) + offsetMs;
    },

    memory: () => hot.ask(redisMemory(redis)),
    persistence: cachedFor(PERSISTENCE_TTL_MS, () => hot.ask(redisPersistence(redis))),
    serverInfo: () => hot.ask(redisServerInfo(redis)),
    probeWrite: cachedFor(PROBE_TTL_MS, async () => {
      await Promise.all(keys.shards.map((shard) => hot.ask(redis.set(shard.probe, "", "EX", 60))));
    }),

    onWake: createWake({ ...input, redis, channel: keys.wake }),
  };
}

/** Caches the result of `load` for `ttlMs`. A failure is not cached. */
function cachedFor<T>(ttlMs: number, load: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (answer !== null && performance.now() - askedAt < ttlMs) return answer;
    askedAt = performance.now();
    const pending = load();
    answer = pending;
    pending.catch(() => {
      if (answer === pending) answer = null;
    });
    return pending;
  };
}

/**
 * One subscription for all listeners, from the first listener to the last. Without `subscriber`, it has its own
 * connection.
 */
function createWake(input: {
  redis: Redis;
  subscriber: Redis | undefined;
  channel: string;
  commandTimeoutMs: number;
}): HotServer["onWake"] {
  const { channel, commandTimeoutMs } = input;
  const listeners = new Set<() => void>();
  let connection: Redis | null = null;

  function notifyListeners(sender: string): void {
    if (sender === channel) for (const listener of listeners) listener();
  }

  async function open(): Promise<void> {
    const opened = input.subscriber ?? duplicateRedis(input.redis);
    connection = opened;
    if (!input.subscriber) opened.on("error", () => undefined);
    opened.on("message", notifyListeners);
    await replyWithin(Promise.resolve(opened.subscribe(channel)), commandTimeoutMs);
  }

  async function close(): Promise<void> {
    const closing = connection;
    connection = null;
    closing?.off("message", notifyListeners);
    if (closing === null) return;
    if (closing === input.subscriber)
      await replyWithin(Promise.resolve(closing.unsubscribe(channel)), commandTimeoutMs);
    else closing.disconnect();
  }

  let turn: Promise<unknown> = Promise.resolve();
  /** Runs only one opening or closing at a time. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  return async (callback) => {
    // A new function, so that the same callback can be registered twice.
    const listener = () => callback();
    listeners.add(listener);
    try {
      await inTurn(async () => {
        if (connection === null) await open();
      });
    } catch (error) {
      listeners.delete(listener);
      await inTurn(close).catch(() => undefined);
      throw error;
    }
    return async () => {
      listeners.delete(listener);
      await inTurn(async () => {
        if (listeners.size === 0) await close();
      });
    };
  };
}
