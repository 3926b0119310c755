import type { Breaker, BreakerName } from "~/server/domain/breaker";
import { CLOSED } from "~/server/domain/breaker";
import type { HeldTopic, HotBreakers } from "~/server/ports/hot/breakers";
import { chunks, type HotRedis, listReply, textOf } from "./hot-redis";
import { runScript } from "./script/script";
import { breakerSwapScript, heldDrainScript, heldExpireScript, heldTopicsScript } from "./script/scripts";

type BreakersPart = Omit<HotBreakers, "claimHeld">;

/** Breakers, which all processes share, and the occurrences held behind them. */
export function createBreakers(hot: HotRedis): BreakersPart {
  const { redis, keys } = hot;
  return {
    async heldTopics() {
      const replies = await Promise.all(
        hot.shardNumbers.map((shard) => hot.run(heldTopicsScript, { shard, args: {} })),
      );
      return joinTopics(replies.map(listReply));
    },

    async drainHeld({ shard, topic, limit }) {
      return Number(await hot.run(heldDrainScript, { shard, args: { wake: keys.wake, topic, limit } }));
    },

    async expireHeld({ limit }) {
      const args = { wake: keys.wake, limit };
      const moved = await Promise.all(hot.shardNumbers.map((shard) => hot.run(heldExpireScript, { shard, args })));
      return moved.reduce<number>((sum, one) => sum + Number(one), 0);
    },

    async breakers() {
      const stored = await hot.ask(redis.hgetall(keys.breakers));
      return new Map(Object.entries(stored).map(([name, text]) => [name as BreakerName, decodeBreaker(text)]));
    },

    async swapBreaker({ name, from, to }) {
      const call = {
        keys: { breakers: keys.breakers },
        args: { name, from: encodeBreaker(from), to: encodeBreaker(to) },
      };
      const [swapped, current] = listReply(await hot.ask(runScript(redis, breakerSwapScript, call)));
      return { swapped: swapped === 1, current: decodeBreaker(textOf(current)) };
    },
  };
}

/** Sums the held occurrences of each topic over all shards. The shard with the oldest occurrence comes first. */
function joinTopics(replies: readonly (readonly (string | number | null)[])[]): HeldTopic[] {
  const found = new Map<string, { shard: number; count: number; oldestMs: number }[]>();
  replies.forEach((reply, shard) => {
    for (const [topic, count, oldest] of chunks(reply, 3)) {
      const parts = found.get(textOf(topic)) ?? [];
      parts.push({ shard, count: Number(count), oldestMs: Number(oldest) });
      found.set(textOf(topic), parts);
    }
  });
  const topics = [...found].map(([topic, parts]) => {
    parts.sort((a, b) => a.oldestMs - b.oldestMs);
    return {
      topic,
      count: parts.reduce((sum, part) => sum + part.count, 0),
      oldestMs: parts[0]?.oldestMs ?? 0,
      shards: parts.map((part) => part.shard),
    };
  });
  return topics.sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

/** Encodes equal breakers as equal texts, for breaker_swap.lua. Empty for a closed breaker without failures. */
function encodeBreaker(breaker: Breaker): string {
  const { state, failures, openedAtMs, nextTrialAtMs, trial, error } = breaker;
  if (state === "closed" && failures === 0) return "";
  return JSON.stringify([state, failures, openedAtMs, nextTrialAtMs, trial, error]);
}

function decodeBreaker(text: string): Breaker {
  if (text === "") return CLOSED;
  const [state, failures, openedAtMs, nextTrialAtMs, trial, error] = JSON.parse(text) as [
    Breaker["state"],
    number,
    number | null,
    number | null,
    string | null,
    string | null,
  ];
  return { state, failures, openedAtMs, nextTrialAtMs, trial, error };
}
