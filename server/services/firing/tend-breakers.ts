import type { Claim, HeldTopic } from "~/server/adapters/redis/hot-tier-types";
import { type BreakerName, trialIsDue } from "~/server/domain/breaker";
import type { Deps } from "../ctx";
import type { Breakers } from "./breakers";
import { runClaims, tallyOf } from "./run-claims";
import { setAside } from "./set-aside";

/** Held ones of a topic and shard that are in the catch-up lane at once: they come behind what is live, and at its bounded rate. */
const DRAIN_LIMIT = 500;
const TRIAL_LEASE_MS = 30_000;

/**
 * One look at what is held: a topic whose breaker is open gets its trial when that is due, with its oldest held event; one whose breaker
 * closed is drained. Answers whether there is more to drain.
 */
export async function tendBreakers(given: { deps: Deps; breakers: Breakers; workerId: string }): Promise<boolean> {
  const { deps, breakers } = given;
  await breakers.refresh();
  const held = await deps.hot.heldTopics();
  const drained = await Promise.all(
    held.map(async (topic) => {
      const name: BreakerName = `topic:${topic.topic}`;
      if (breakers.get(name).state === "closed") return drain(deps, topic);
      if (trialIsDue(breakers.get(name), deps.clock.now())) await trial(given, name, topic);
      return false;
    }),
  );
  return drained.includes(true);
}

async function drain(deps: Deps, { topic, shards }: HeldTopic): Promise<boolean> {
  await Promise.all(shards.map((shard) => deps.hot.drainHeld({ shard, topic, limit: DRAIN_LIMIT })));
  return true;
}

async function trial(
  given: { deps: Deps; breakers: Breakers; workerId: string },
  name: BreakerName,
  held: HeldTopic,
): Promise<void> {
  const { deps, breakers, workerId } = given;
  if (!(await breakers.tryNow(name, workerId))) return;
  const shard = held.shards[0] as number;
  const claimed = await deps.hot.claimHeld({
    workerId,
    shard,
    topic: held.topic,
    limit: 1,
    leaseMs: TRIAL_LEASE_MS,
  });
  await setAside(deps, claimed.unreadable);
  const claims = claimed.claims.filter((claim): claim is Claim => claim.kind === "occurrence");
  const report = await runClaims({ deps, breakers, workerId, claims, nowMs: claimed.nowMs, trial: true });
  await breakers.ended(name, workerId, tallyOf(report, held.topic));
}
