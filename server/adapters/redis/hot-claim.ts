import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import { AppError } from "~/server/domain/errors";
import { NAMESPACE_HEX, scheduleIdOf } from "~/server/domain/ids";
import type { HotBreakers } from "~/server/ports/hot/breakers";
import type {
  Claim,
  ClaimResult,
  HotClaims,
  PlanClaim,
  PublishedInPlace,
  UnreadableClaim,
} from "~/server/ports/hot/claims";
import { packId, packKey, unpackKey } from "./codec/packed-id";
import { decodeInstance, decodePlanWithRuns, decodeRecord } from "./codec/record";
import { decodePause, encodePause } from "./hot-pause";
import { chunks, type HotRedis, listReply, textOf } from "./hot-redis";
import type { InPlaceStreams } from "./in-place-streams";
import { runScript } from "./script/script";
import {
  claimScript,
  extendScript,
  giveBackScript,
  heldClaimScript,
  rescueScript,
  setAsideScript,
} from "./script/scripts";

const PLAN_SUFFIX = "#plan";

export function createClaim(
  hot: HotRedis,
  input: { streams: InPlaceStreams | null; isBusElsewhere: boolean; newLeaseToken: () => string },
): HotClaims & Pick<HotBreakers, "claimHeld"> {
  const { streams, newLeaseToken } = input;
  // A lease is stored as token|key, so a token must not contain a bar.
  const newToken = (workerId: string) => `${workerId.replaceAll("|", "")}.${newLeaseToken()}`;
  return {
    async claim({ shard, workerId, limit, catchUpLimit, leaseMs, graceMs, claimOnly = [], previousPause = null }) {
      const token = newToken(workerId);
      const args = {
        ...{ limit, catchUpLimit, leaseMs, graceMs, token },
        previousPause: encodePause(previousPause),
        busElsewhere: input.isBusElsewhere ? "1" : "",
        streams: streams?.keyPrefix ?? "",
        maxEntries: streams?.maxEntries ?? "",
        untrimmedPrefix: streams?.untrimmedPrefix ?? "",
        claimOnly: claimOnly.join(","),
        worker: JSON.stringify(workerId),
        namespace: NAMESPACE_HEX,
      };
      return readClaims(await hot.run(claimScript, { shard, args }), { token, shard });
    },

    async claimHeld({ workerId, shard, topic, limit, leaseMs }) {
      const token = newToken(workerId);
      const args = { wake: hot.keys.wake, topic, limit, leaseMs, token };
      return readClaims(await hot.run(heldClaimScript, { shard, args }), { token, shard });
    },

    async setAside({ shard, token, key }, reason) {
      // The script inserts the reason between the quotes of a JSON text.
      const escapedReason = JSON.stringify(reason).slice(1, -1);
      const args = { token, key: packKey(key), id: packId(idOf(key)), reason: escapedReason };
      return (await hot.run(setAsideScript, { shard, args })) === 1;
    },

    async giveBack({ shard, kind, packedKey: key, bytes }) {
      const keys = hot.shard(shard);
      const args = { wake: hot.keys.wake, kind, key, bytes };
      return (await hot.ask(runScript(hot.redis, giveBackScript, { keys, args }))) === 1;
    },

    async rescue({ limit, shard }) {
      return Number(await hot.run(rescueScript, { shard, args: { wake: hot.keys.wake, limit } }));
    },

    async extend({ shard, token, keys, leaseMs }) {
      return Number(await hot.run(extendScript, { shard, args: { token, leaseMs }, items: keys.map(packKey) }));
    },
  };
}

/** Decodes the reply of claim.lua or held_claim.lua. */
function readClaims(reply: unknown, { token, shard }: { token: string; shard: number }): ClaimResult {
  const [nowMs, nextDueMs, topics, effective, paused, ...found] = listReply(reply);
  const published = readPublished(textOf(topics), textOf(effective));
  const claims: (Claim | PlanClaim)[] = [];
  const unreadable: UnreadableClaim[] = [];
  for (const [packed, value, planLeft, flag] of chunks(found, 4)) {
    if (typeof packed !== "string" || typeof value !== "string") {
      throw new AppError("internal", "A script returned a claim without a key or value.");
    }
    const key = unpackKey(packed);
    const plan = typeof planLeft === "string" ? planLeft : null;
    try {
      claims.push(
        key.endsWith(PLAN_SUFFIX)
          ? planClaim({ key, token, shard, value, plan })
          : occurrenceClaim({ key, token, shard, value, plan, deleted: flag === "d" }),
      );
    } catch (error) {
      if (!isDataFault(error)) throw error;
      unreadable.push({ key, token, shard, reason: reasonOf(error) });
    }
  }
  const next = textOf(nextDueMs) === "" ? null : Number(nextDueMs);
  return { claims, unreadable, published, pause: decodePause(textOf(paused)), nowMs: Number(nowMs), nextDueMs: next };
}

/** Parses two lists of in_place.lua: `topic count …` and `effectiveMs count …`. */
function readPublished(countsByTopic: string, countsByEffectiveMs: string): PublishedInPlace {
  const counts = (text: string) =>
    [...text.matchAll(/(\S+) (\d+)/g)].map(([, name = "", count]) => [name, Number(count)] as const);
  const byTopic = counts(countsByTopic);
  return {
    count: byTopic.reduce((sum, [, count]) => sum + count, 0),
    topics: byTopic.map(([topic, count]) => [topic, count]),
    effective: counts(countsByEffectiveMs).map(([ms, count]) => [Number(ms), count]),
  };
}

const idOf = (key: string) => (key.endsWith(PLAN_SUFFIX) ? key.slice(0, -PLAN_SUFFIX.length) : scheduleIdOf(key));

interface EncodedClaim {
  key: string;
  token: string;
  shard: number;
  value: string;
  plan: string | null;
}

function occurrenceClaim(claim: EncodedClaim & { deleted: boolean }): Claim {
  const { key, token, shard, plan, deleted } = claim;
  const { schedule, nominalMs, effectiveMs, trigger, attempts, actor, enteredAtMs, caughtUp } = decodeInstance(
    scheduleIdOf(key),
    claim.value,
  );
  const left = plan === null ? null : decodePlanWithRuns(plan);
  // With max_runs, the stored count includes this run. Without max_runs, executionCount has only ended runs.
  if (left !== null) schedule.state.runsTaken = left.runsTaken ?? schedule.state.executionCount + 1;
  const times = { nominalMs, effectiveMs, trigger, attempts, actor, enteredAtMs, caughtUp };
  return { kind: "occurrence", key, token, shard, schedule, ...times, planLeft: left?.plan ?? null, deleted };
}

function planClaim({ key, token, shard, value, plan: text }: EncodedClaim): PlanClaim {
  const { plan, runsTaken } = decodePlanWithRuns(text);
  const nextExecution = plan[0]?.nominalMs ?? null;
  const { schedule, header } = decodeRecord({ id: idOf(key), record: value, nextExecution, runsTaken });
  return { kind: "plan", key, token, shard, schedule, plan, lastNominalMs: header.nominalMs };
}
