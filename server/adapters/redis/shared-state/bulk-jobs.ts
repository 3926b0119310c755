import type { BulkJobs } from "~/server/ports/shared-state/bulk-jobs";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

/** How long a job and its lists are kept after the last write to them. */
const KEEP_SECONDS = 7 * 86_400;
/** Maximum number of jobs in the list of recent jobs. */
const RECENT = 50;

export function createBulkJobs(redis: Redis, { bulk: keys }: SharedKeys): BulkJobs {
  async function append(list: string, values: readonly string[]): Promise<void> {
    await redis
      .multi()
      .rpush(list, ...values)
      .expire(list, KEEP_SECONDS)
      .exec();
  }

  return {
    async save(jobId, job) {
      await redis.set(keys.job(jobId), job, "EX", KEEP_SECONDS);
    },
    load: (jobId) => redis.get(keys.job(jobId)),
    isKnown: async (jobId) => (await redis.exists(keys.job(jobId))) === 1,

    async addToLists({ jobId, createdAt, isOver }) {
      await redis.zadd(keys.all, createdAt, jobId);
      await redis.zremrangebyrank(keys.all, 0, -RECENT - 1);
      // Last, because a worker may run the job as soon as the job is in this list.
      if (!isOver) await redis.zadd(keys.active, createdAt, jobId);
    },
    recent: () => redis.zrevrange(keys.all, 0, RECENT - 1),
    oldestActive: async () => (await redis.zrange(keys.active, "0", "0"))[0] ?? null,
    async removeFromActive(jobId) {
      await redis.zrem(keys.active, jobId);
    },

    addIds: (jobId, ids) => append(keys.ids(jobId), ids),
    async clearIds(jobId) {
      await redis.del(keys.ids(jobId));
    },
    ids: (jobId, from, count) => redis.lrange(keys.ids(jobId), from, from + count - 1),

    addUndo: (jobId, entries) => append(keys.undo(jobId), entries),
    async clearUndo(jobId) {
      await redis.del(keys.undo(jobId));
    },
    undoEntries: (jobId) => redis.lrange(keys.undo(jobId), 0, -1),

    async askToAbort(jobId) {
      await redis.set(keys.abort(jobId), "1", "EX", KEEP_SECONDS);
    },
    isAborted: async (jobId) => (await redis.exists(keys.abort(jobId))) === 1,
  };
}
