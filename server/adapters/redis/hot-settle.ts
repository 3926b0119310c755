import { AppError } from "~/server/domain/errors";
import type { HotSettlement, ReplanInput } from "~/server/ports/hot/settlement";
import { encodeDelta, encodeExecution } from "./codec/outbox";
import { packId } from "./codec/packed-id";
import { encodeSettleItem, tailArgs } from "./codec/settle-item";
import { encodeInstance } from "./hot-put";
import { type HotRedis, listReply } from "./hot-redis";
import { replanScript, settleScript } from "./script/scripts";

export function createSettle(hot: HotRedis): HotSettlement {
  const wake = hot.keys.wake;
  return {
    async settle(items) {
      const first = items[0];
      if (!first) return [];
      const { shard } = first.claim;
      if (items.some((item) => item.claim.shard !== shard)) {
        throw new AppError("internal", "The claims of one settle belong to several shards.");
      }
      const shared = items.find((item) => item.kind === "done")?.delta ?? null;
      const args = { wake, count: items.length, shared: shared === null ? "" : encodeDelta(shared) };
      const texts: string[] = [];
      for (const item of items) texts.push(...encodeSettleItem(item, shared));
      for (const [at, item] of items.entries()) {
        if (item.kind !== "done" || item.skippedRows === undefined) continue;
        // Lua counts items from 1.
        for (const row of item.skippedRows) texts.push(String(at + 1), encodeExecution(row));
      }
      const reply = listReply(await hot.run(settleScript, { shard, args, items: texts }));
      return items.map((_, index) => (reply[index] === 1 ? "settled" : "refused"));
    },

    async replan(input) {
      const { claim, tail } = input;
      const undecided = withoutDecided(input);
      const reply = await hot.run(replanScript, {
        shard: claim.shard,
        args: {
          wake,
          id: packId(claim.schedule.scheduleId),
          token: claim.token,
          version: claim.schedule.version,
          last: undecided.lastMs ?? "",
          ...tailArgs(tail),
          blobs: undecided.executions.length,
          instances: undecided.instances.length,
        },
        items: [...undecided.executions.map(encodeExecution), ...undecided.instances.flatMap(encodeInstance)],
      });
      return reply === 1 ? "settled" : "refused";
    },
  };
}

/** Leaves out skipped and caught-up occurrences up to `lastNominalMs`, which were decided before. */
function withoutDecided({ claim, executions, instances }: ReplanInput) {
  const after = claim.lastNominalMs ?? Number.NEGATIVE_INFINITY;
  const skipped = executions.filter((one) => one.scheduledFor > after);
  const caughtUp = instances.filter((one) => one.trigger !== "catch_up" || one.nominalMs > after);
  const nominals = [...skipped.map((one) => one.scheduledFor), ...caughtUp.map((one) => one.nominalMs)];
  const lastMs = nominals.reduce<number | null>((max, one) => (max === null || one > max ? one : max), null);
  return { executions: skipped, instances: caughtUp, lastMs };
}
