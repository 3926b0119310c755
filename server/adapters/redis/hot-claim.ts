import { randomBytes } from "node:crypto";
import { AppError } from "~/server/domain/errors";
import { scheduleIdOf } from "~/server/domain/ids";
import { groups, type HotRedis, listReply, textOf } from "./hot-redis";
import type { Claim, HotTier, PlanClaim } from "./hot-tier-types";
import { packKey, unpackKey } from "./packed-id";
import { decodeInstance, decodePlan, decodeRecord } from "./record";
import { claimScript, extendScript, rescueScript } from "./scripts";

const PLAN_MARK = "#plan";

/** Taking what is due under leases, and giving back what was not settled in time. */
export function createClaim(hot: HotRedis): Pick<HotTier, "claim" | "rescue" | "extend"> {
  return {
    async claim(input) {
      const { shard, limit, catchUpLimit, leaseMs, graceMs } = input;
      // Each call's own: a worker's earlier lease on the same occurrence must not pass for this one.
      const token = `${input.workerId.replaceAll("|", "")}.${randomBytes(9).toString("base64url")}`;
      const args = { limit, catchUpLimit, leaseMs, graceMs, token };
      const [nowMs, nextDueMs, ...found] = listReply(await hot.run(claimScript, { shard, args }));
      const claims: (Claim | PlanClaim)[] = [];
      for (const [packed, value, left, flag] of groups(found, 4)) {
        if (typeof packed !== "string" || typeof value !== "string")
          throw new AppError("internal", "A claim without key.");
        const key = unpackKey(packed);
        const plan = typeof left === "string" ? left : null;
        claims.push(
          key.endsWith(PLAN_MARK)
            ? planClaim({ key, token, shard, value, plan })
            : occurrenceClaim({ key, token, shard, value, plan, deleted: flag === "d" }),
        );
      }
      return { claims, nowMs: Number(nowMs), nextDueMs: textOf(nextDueMs) === "" ? null : Number(nextDueMs) };
    },

    async rescue({ limit, shard }) {
      return Number(await hot.run(rescueScript, { shard, args: { wake: hot.keys.wake, limit } }));
    },

    async extend({ shard, token, keys, leaseMs }) {
      return Number(await hot.run(extendScript, { shard, args: { token, leaseMs }, items: keys.map(packKey) }));
    },
  };
}

interface Held {
  key: string;
  token: string;
  shard: number;
  value: string;
  plan: string | null;
}

function occurrenceClaim(held: Held & { deleted: boolean }): Claim {
  const { key, token, shard, plan, deleted } = held;
  const { schedule, nominalMs, effectiveMs, trigger, attempts, actor, enteredAtMs } = decodeInstance(
    scheduleIdOf(key),
    held.value,
  );
  const planLeft = plan === null ? null : decodePlan(plan);
  const times = { nominalMs, effectiveMs, trigger, attempts, actor, enteredAtMs };
  return { kind: "occurrence", key, token, shard, schedule, ...times, planLeft, deleted };
}

function planClaim({ key, token, shard, value, plan: text }: Held): PlanClaim {
  const plan = decodePlan(text);
  const id = key.slice(0, -PLAN_MARK.length);
  const { schedule, header } = decodeRecord({ id, record: value, nextExecution: plan[0]?.nominalMs ?? null });
  return { kind: "plan", key, token, shard, schedule, plan, lastNominalMs: header.nominalMs };
}
