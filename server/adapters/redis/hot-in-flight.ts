import { scheduleIdOf } from "~/server/domain/ids";
import { selfTestIds } from "~/server/domain/self-test";
import type { HotInstances, InFlight, InFlightRow, InFlightState } from "~/server/ports/hot/instances";
import { packId, packKey, unpackKey } from "./codec/packed-id";
import { decodeInstance } from "./codec/record";
import { chunks, type HotRedis, listReply, nullIfDamaged, textOf } from "./hot-redis";
import type { Lane, ShardKey, ShardKeys } from "./keys";
import { inFlightScript } from "./script/scripts";

/** About how many entries of `P{n}:occ` one list examines, over all shards. With many shards, one call in each. */
const MAX_EXAMINED = 20_000;
/** Entries per call of the script, so that a call blocks Redis for a few milliseconds at most. */
const EXAMINED_PER_CALL = 1000;
/** Number of values before the rows in the reply of in_flight.lua. */
const REPLY_HEAD = 5;
/** The lanes that hold occurrences of any priority: manual runs and replays of a pause, and catch-up. */
const LANES_OF_ANY_PRIORITY = ["m", "c"] as const satisfies readonly Lane[];
const STATE_LETTERS = { running: "r", held: "h", waiting: "w" } as const satisfies Record<InFlightState, string>;
const IN_FLIGHT_STATES = Object.keys(STATE_LETTERS) as InFlightState[];

export function createInFlight(
  hot: HotRedis,
): Pick<HotInstances, "inFlight" | "instance" | "instances" | "listInFlight"> {
  const selfTestIdOfShard = selfTestIds(hot.shardNumbers.length, (id) => hot.keys.shardOf(id));
  return {
    async instances(keys) {
      const found = new Set<string>();
      await Promise.all(
        keys.map(async (key) => {
          const { occ } = hot.keys.shards[hot.keys.shardOf(scheduleIdOf(key))] as ShardKeys;
          if ((await hot.ask(hot.redis.hexists(occ, packKey(key)))) === 1) found.add(key);
        }),
      );
      return found;
    },

    async inFlight(keys) {
      const found = new Map<string, InFlight>();
      await Promise.all(
        keys.map(async (key) => {
          const id = scheduleIdOf(key);
          const shard = hot.shard(hot.keys.shardOf(id));
          const member = packKey(key);
          const value = await hot.ask(hot.redis.hget(shard.occ, member));
          const instance = value === null ? null : nullIfDamaged(() => decodeInstance(id, value));
          if (instance === null) return;
          const lanes = [instance.schedule.priority, ...LANES_OF_ANY_PRIORITY].map((one) => `due${one}` as ShardKey);
          const [held, ...due] = await Promise.all([
            hot.ask(hot.redis.hexists(shard.heldAt, member)),
            ...lanes.map((lane) => hot.ask(hot.redis.zscore(shard[lane], member))),
          ]);
          const score = due.find((one) => one !== null);
          const dueAtMs = score == null ? null : Number(score);
          const { attempts, actor } = instance;
          found.set(key, { attempts, isHeld: held === 1, dueAtMs, actor });
        }),
      );
      return found;
    },

    async listInFlight(query) {
      const perShard = Math.ceil(MAX_EXAMINED / hot.shardNumbers.length);
      const found = await Promise.all(
        hot.shardNumbers.map((shard) =>
          inFlightOf({ hot, shard, selfTestId: packId(selfTestIdOfShard[shard] as string), perShard }, query),
        ),
      );
      const counts: Record<InFlightState, number> = { running: 0, held: 0, waiting: 0 };
      for (const one of found) for (const state of IN_FLIGHT_STATES) counts[state] += one.counts[state];
      return { rows: found.flatMap((one) => one.rows), counts, isComplete: found.every((one) => one.isComplete) };
    },

    async instance(key) {
      const id = scheduleIdOf(key);
      const value = await hot.ask(hot.redis.hget(hot.shard(hot.keys.shardOf(id)).occ, packKey(key)));
      return value === null ? null : nullIfDamaged(() => decodeInstance(id, value));
    },
  };
}

async function inFlightOf(
  { hot, shard, selfTestId, perShard }: { hot: HotRedis; shard: number; selfTestId: string; perShard: number },
  query: Parameters<HotInstances["listInFlight"]>[0],
): Promise<Awaited<ReturnType<HotInstances["listInFlight"]>>> {
  const { states, topic = "", scheduleId, limit } = query;
  const want = states.map((state) => STATE_LETTERS[state]).join("");
  const id = scheduleId === undefined ? "" : packId(scheduleId);
  const rows = new Map<string, InFlightRow>();
  const counts = { running: 0, held: 0, waiting: 0 };
  let isComplete = true;
  let [cursor, examined] = ["0", 0];
  do {
    const args = { selfTestId, cursor, scan: EXAMINED_PER_CALL, limit, want, topic, id };
    const reply = listReply(await hot.run(inFlightScript, { shard, args }));
    const [next, running, held, waiting, more] = reply;
    if (cursor === "0") {
      Object.assign(counts, { running: Number(running), held: Number(held), waiting: Number(waiting) });
      if (textOf(more) === "1") isComplete = false;
    }
    for (const [letter, packed, value, time] of chunks(reply.slice(REPLY_HEAD), 4)) {
      const row = nullIfDamaged(() => inFlightRow(textOf(letter), unpackKey(textOf(packed)), textOf(value)));
      if (row !== null) rows.set(row.key, { ...row, untilMs: textOf(time) === "" ? null : Number(time) });
    }
    cursor = textOf(next);
    examined += EXAMINED_PER_CALL;
  } while (cursor !== "0" && examined < perShard && countWaiting(rows) < limit);
  return { rows: [...rows.values()], counts, isComplete: isComplete && cursor === "0" };
}

const countWaiting = (rows: ReadonlyMap<string, InFlightRow>) =>
  [...rows.values()].filter((row) => row.state === "waiting").length;

function inFlightRow(letter: string, key: string, value: string): Omit<InFlightRow, "untilMs"> {
  const { schedule, nominalMs, effectiveMs, trigger, attempts, actor } = decodeInstance(scheduleIdOf(key), value);
  const state = IN_FLIGHT_STATES.find((one) => STATE_LETTERS[one] === letter) ?? "waiting";
  return { key, state, schedule, nominalMs, effectiveMs, trigger, attempts, actor };
}
