import { AppError } from "~/server/domain/errors";
import { scheduleIdOf } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import { isSelfTest, selfTestIds } from "~/server/domain/self-test";
import type { HotInstances } from "~/server/ports/hot/instances";
import type { HotSchedules } from "~/server/ports/hot/schedules";
import type { HotServer, HotStats } from "~/server/ports/hot/server";
import { packId, unpackId, unpackKey } from "./codec/packed-id";
import { decodeInstance, decodePlanWithRuns, decodeRecord } from "./codec/record";
import { chunks, type HotRedis, listReply, nullIfDamaged, textOf } from "./hot-redis";
import { getScript, listInstancesScript, statsScript, upcomingScript } from "./script/scripts";

type Fence = Awaited<ReturnType<HotSchedules["fences"]>>[number];

/** Records per call. A record may have 1 MiB, so more records would block Redis for too long. */
const READ_RECORDS = 50;
/** Added to the limit of a list: a shard may return one row of the self-test, which lists leave out. */
const WITH_SELF_TEST = 1;

export function createRead(
  hot: HotRedis,
): Pick<HotSchedules, "getMany" | "fences" | "maybeRecorded" | "upcoming"> &
  Pick<HotInstances, "listInstances"> &
  Pick<HotServer, "stats"> {
  const selfTestIdOfShard = selfTestIds(hot.shardNumbers.length, (id) => hot.keys.shardOf(id));
  return {
    async getMany(ids, { bare = false } = {}) {
      const out: (Schedule | null)[] = new Array(ids.length).fill(null);
      await eachShard(hot, ids, async (shard, indexes) => {
        for (const part of chunks(indexes, READ_RECORDS)) {
          const items = part.map((index) => packId(ids[index] as string));
          const reply = listReply(await hot.run(getScript, { shard, args: { bare: bare ? "1" : "" }, items }));
          let at = 0;
          for (const [record, plan] of chunks(reply, 2)) {
            const index = part[at++] as number;
            if (typeof record !== "string") continue;
            out[index] = nullIfDamaged(() => hotRow(ids[index] as string, record, textOf(plan)));
          }
        }
      });
      return out;
    },

    async fences(ids) {
      const out: Fence[] = new Array(ids.length).fill(null);
      await eachShard(hot, ids, async (shard, indexes) => {
        const texts = await hot.ask(
          hot.redis.hmget(hot.shard(shard).fence, ...indexes.map((index) => packId(ids[index] as string))),
        );
        indexes.forEach((index, at) => {
          out[index] = decodeFence(texts[at] ?? null);
        });
      });
      return out;
    },

    async maybeRecorded(rows) {
      const out: string[] = [];
      const ids = rows.map((row) => row.scheduleId);
      await eachShard(hot, ids, async (shard, indexes) => {
        const { fence, fenceExp } = hot.shard(shard);
        const packed = indexes.map((index) => packId(ids[index] as string));
        const [texts, expiries] = await Promise.all([
          hot.ask(hot.redis.hmget(fence, ...packed)),
          hot.ask(hot.redis.zmscore(fenceExp, ...packed)),
        ]);
        indexes.forEach((index, at) => {
          const { scheduleId, revision } = rows[index] as (typeof rows)[number];
          const known = decodeFence(texts[at] ?? null);
          // A fence has no expiry until the recorder has acknowledged its revision.
          const isUnrecorded = known !== null && known.revision <= revision && (expiries[at] ?? null) === null;
          if (!isUnrecorded) out.push(scheduleId);
        });
      });
      return out;
    },

    async listInstances({ limit }) {
      const replies = await Promise.all(
        hot.shardNumbers.map(async (shard) =>
          listReply(await hot.run(listInstancesScript, { shard, args: { limit: limit + WITH_SELF_TEST } })),
        ),
      );
      const all = replies.flatMap((reply) =>
        [...chunks(reply, 3)].flatMap(([packed, value, leaseEnd]) => {
          const key = unpackKey(textOf(packed));
          if (isSelfTest(key)) return [];
          const instance = nullIfDamaged(() => decodeInstance(scheduleIdOf(key), textOf(value)));
          if (instance === null) return [];
          const { schedule, nominalMs, effectiveMs, trigger, attempts } = instance;
          const leasedUntilMs = textOf(leaseEnd) === "" ? null : Number(leaseEnd);
          return [{ key, schedule, nominalMs, effectiveMs, trigger, attempts, leasedUntilMs }];
        }),
      );
      return all.sort((a, b) => a.effectiveMs - b.effectiveMs).slice(0, limit);
    },

    async upcoming({ limit }) {
      const replies = await Promise.all(
        hot.shardNumbers.map(async (shard) =>
          listReply(await hot.run(upcomingScript, { shard, args: { limit: limit + WITH_SELF_TEST } })),
        ),
      );
      const all = replies.flatMap((reply) => [...chunks(reply, 4)]);
      all.sort((a, b) => Number(a[1]) - Number(b[1]));
      const rows: Awaited<ReturnType<HotSchedules["upcoming"]>> = [];
      for (const [member, effective, nominal, record] of all) {
        if (rows.length === limit) break;
        const id = unpackId(textOf(member));
        if (isSelfTest(id)) continue;
        const found = { id, record: textOf(record), nextExecution: Number(nominal) };
        const decoded = nullIfDamaged(() => decodeRecord(found));
        if (decoded === null) continue;
        rows.push({ schedule: decoded.schedule, nominalMs: Number(nominal), effectiveMs: Number(effective) });
      }
      return rows;
    },

    async stats() {
      const shards = await Promise.all(
        hot.shardNumbers.map((shard) =>
          hot.run(statsScript, { shard, args: { selfTestId: packId(selfTestIdOfShard[shard] as string) } }),
        ),
      );
      const offsetMs = await hot.clockOffsetMs();
      return shards
        .map((reply) => decodeStats(reply, offsetMs))
        .reduce((sum, one) => ({
          pending: sum.pending + one.pending,
          overdue: sum.overdue + one.overdue,
          oldestDueAgeMs: Math.max(sum.oldestDueAgeMs, one.oldestDueAgeMs),
          running: sum.running + one.running,
          outboxDepth: sum.outboxDepth + one.outboxDepth,
          outboxOldestAgeMs: Math.max(sum.outboxOldestAgeMs, one.outboxOldestAgeMs),
          fences: sum.fences + one.fences,
          held: sum.held + one.held,
          nowMs: Math.max(sum.nowMs, one.nowMs),
        }));
    },
  };
}

/** Calls `read` for each shard that has some of the ids, with their indexes in the list. */
async function eachShard(
  hot: HotRedis,
  ids: readonly string[],
  read: (shard: number, indexes: number[]) => Promise<void>,
): Promise<void> {
  const byShard = new Map<number, number[]>();
  ids.forEach((id, index) => {
    const shard = hot.keys.shardOf(id);
    const list = byShard.get(shard);
    if (list) list.push(index);
    else byShard.set(shard, [index]);
  });
  await Promise.all([...byShard].map(([shard, indexes]) => read(shard, indexes)));
}

function hotRow(id: string, record: string, plan: string): Schedule {
  const decoded = decodePlanWithRuns(plan);
  const nextExecution = decoded.plan[0]?.nominalMs;
  return decodeRecord({ id, record, nextExecution, runsTaken: decoded.runsTaken }).schedule;
}

function decodeFence(text: string | null): Fence {
  if (text === null) return null;
  const [revision, version, state] = text.split("|");
  return { revision: Number(revision), version: Number(version), deleted: state === "d" };
}

function decodeStats(reply: unknown, offsetMs: number): HotStats {
  const [now, pending, overdue, oldestDue, running, outboxDepth, fences, held, oldestEntryId] = listReply(reply);
  if (held === undefined) throw new AppError("internal", "stats.lua returned too few values.");
  const nowMs = Number(now);
  const oldestDueAgeMs = textOf(oldestDue) === "" ? 0 : Math.max(0, nowMs - Number(oldestDue));
  // The id of a stream entry starts with the time of Redis at which it was added. Without entries the id is empty.
  const oldestEntryMs = Number.parseInt(textOf(oldestEntryId), 10);
  return {
    pending: Number(pending),
    overdue: Number(overdue),
    oldestDueAgeMs,
    running: Number(running),
    outboxDepth: Number(outboxDepth),
    outboxOldestAgeMs: Number.isNaN(oldestEntryMs) ? 0 : Math.max(0, nowMs - offsetMs - oldestEntryMs),
    fences: Number(fences),
    held: Number(held),
    nowMs,
  };
}
