import { selfTestIds } from "~/server/domain/self-test";
import type { HotServer, LeaseHolder } from "~/server/ports/hot/server";
import { packId, unpackKey } from "./codec/packed-id";
import { chunks, type HotRedis, listReply, nullIfDamaged, textOf } from "./hot-redis";
import { leaseHoldersScript } from "./script/scripts";

/** Which workers hold leases, in all shards. */
export function createLeases(hot: HotRedis): Pick<HotServer, "leaseHolders"> {
  const selfTestIdOfShard = selfTestIds(hot.shardNumbers.length, (id) => hot.keys.shardOf(id));
  return {
    async leaseHolders() {
      const shards = await Promise.all(
        hot.shardNumbers.map(async (shard) => {
          const args = { selfTestId: packId(selfTestIdOfShard[shard] as string) };
          return listReply(await hot.run(leaseHoldersScript, { shard, args }));
        }),
      );
      const holders = new Map<string, LeaseHolder>();
      for (const one of shards.flatMap(([, ...rows]) => [...chunks(rows, 4)].map(holderOf))) {
        if (one === null) continue;
        const known = holders.get(one.workerId);
        holders.set(one.workerId, known === undefined ? one : merged(known, one));
      }
      return {
        holders: [...holders.values()].sort((a, b) => a.first.endsMs - b.first.endsMs),
        isComplete: shards.every(([more]) => textOf(more) === "0"),
      };
    },
  };
}

function holderOf([worker, leases, endsMs, key]: readonly (string | number | null)[]): LeaseHolder | null {
  return nullIfDamaged(() => ({
    workerId: textOf(worker),
    leases: Number(leases),
    first: { endsMs: Number(endsMs), key: unpackKey(textOf(key)) },
  }));
}

const merged = (a: LeaseHolder, b: LeaseHolder): LeaseHolder => ({
  ...a,
  leases: a.leases + b.leases,
  first: b.first.endsMs < a.first.endsMs ? b.first : a.first,
});
