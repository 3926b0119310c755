import { isDataFault } from "~/server/domain/data-fault";
import { AppError } from "~/server/domain/errors";
import { replyWithin } from "./connection/redis-errors";
import type { Redis } from "./connection/redis-types";
import { createKeys, type Keys, type ShardKey, type ShardKeys } from "./keys";
import { onVirtualClock, runScript, type Script } from "./script/script";

/** Shared by the parts of the hot tier: the connection, the keys, and the call of a script. */
export interface HotRedis {
  readonly redis: Redis;
  readonly keys: Keys;
  /** The keys of one shard; throws for an unknown shard. */
  shard(shard: number): ShardKeys;
  readonly shardNumbers: readonly number[];
  /** How far the time of scripts is ahead of that of Redis, ms; 0 without a virtual clock (virtual-clock.ts). */
  clockOffsetMs(): Promise<number>;
  run<K extends ShardKey, A extends string>(
    script: Script<K, A>,
    input: {
      shard: number;
      args: Readonly<Record<NoInfer<A>, string | number>>;
      items?: readonly string[];
      /** The digest of the idempotency key whose answer this call reads or stores. */
      answer?: string;
    },
  ): Promise<unknown>;
  /** Awaits the reply of a command, with the timeout and the errors of the hot tier. */
  ask<T>(reply: Promise<T>): Promise<T>;
}

export function createHotRedis(input: {
  redis: Redis;
  prefix: string;
  shards: number;
  commandTimeoutMs: number;
  hasVirtualClock: boolean;
}): HotRedis {
  const { redis, prefix, shards, commandTimeoutMs, hasVirtualClock } = input;
  const keys = createKeys(prefix, shards);
  const virtual = new Map<string, Script<string, string>>();
  function onClock<K extends string, A extends string>(script: Script<K, A>): Script<K, A> {
    if (!hasVirtualClock) return script;
    const known = virtual.get(script.file) ?? onVirtualClock(script, keys.virtualClock.offset);
    virtual.set(script.file, known);
    return known as Script<K, A>;
  }
  const shard = (number: number): ShardKeys => {
    const found = keys.shards[number];
    if (!found) throw new AppError("internal", `Shard ${number} does not exist: the shards are 0 to ${shards - 1}.`);
    return found;
  };
  return {
    redis,
    keys,
    shard,
    async clockOffsetMs() {
      if (!hasVirtualClock) return 0;
      return Number((await replyWithin(redis.get(keys.virtualClock.offset), commandTimeoutMs)) ?? 0);
    },
    shardNumbers: Array.from({ length: shards }, (_, index) => index),
    run(script, { shard: number, args, items, answer }) {
      const extraKey = answer === undefined ? undefined : keys.answer(number, answer);
      return replyWithin(
        runScript(redis, onClock(script), { keys: shard(number), args, items, extraKey }),
        commandTimeoutMs,
      );
    },
    ask: (reply) => replyWithin(reply, commandTimeoutMs),
  };
}

/** A script's reply as a flat list. @throws AppError for any other type. */
export function listReply(reply: unknown): (string | number | null)[] {
  if (!Array.isArray(reply)) throw new AppError("internal", `A script returned ${typeof reply} instead of a list.`);
  return reply;
}

/** Splits a list, such as a script's flat reply, into chunks of `size`. */
export function* chunks<T>(values: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < values.length; from += size) yield values.slice(from, from + size);
}

export function textOf(value: string | number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

/** Returns null if `read` finds damaged bytes, so that one record does not fail a page. */
export function nullIfDamaged<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (isDataFault(error)) return null;
    throw error;
  }
}
