import { type BreakerName, trialIsDue } from "~/server/domain/breaker";
import type { HeldTopic } from "~/server/ports/hot/breakers";
import type { Claim } from "~/server/ports/hot/claims";
import type { Deps } from "../ctx";
import type { Breakers } from "./breakers";
import { runClaims } from "./run-claims";
import { setAside } from "./set-aside";

/**
 * Held ones of a topic and shard that are in the catch-up lane at once: they come behind what is live, and at its
 * bounded rate.
 */
const DRAIN_LIMIT = 500;
const TRIAL_LEASE_MS = 30_000;

interface Given {
  deps: Deps;
  breakers: Breakers;
  workerId: string;
}

/**
 * One look at what is held: what expired is sent to be ended; a topic whose breaker is open gets its trial when that is
 * due, with its oldest held event that can be published; one whose breaker closed is drained. Where nothing is held
 * that can be, the next live event is the trial (`runClaims`). Answers whether there is more to move.
 */
export async function runBreakerTrials(given: Given): Promise<boolean> {
  const { deps, breakers } = given;
  await breakers.refresh();
  const expired = await deps.hot.expireHeld({ limit: DRAIN_LIMIT });
  const held = await deps.hot.heldTopics();
  const drained = await Promise.all(
    held.map(async (topic) => {
      const name: BreakerName = `topic:${topic.topic}`;
      if (breakers.get(name).state === "closed") return drain(deps, topic);
      if (trialIsDue(breakers.get(name), deps.clock.now())) await trial(given, topic);
      return false;
    }),
  );
  return expired > 0 || drained.includes(true);
}

async function drain(deps: Deps, { topic, shards }: HeldTopic): Promise<boolean> {
  await Promise.all(shards.map((shard) => deps.hot.drainHeld({ shard, topic, limit: DRAIN_LIMIT })));
  return true;
}

/** The shard with the oldest comes first; it may hold nothing any more that can be published. */
async function trial({ deps, breakers, workerId }: Given, { topic, shards }: HeldTopic): Promise<void> {
  for (const shard of shards) {
    const claimed = await deps.hot.claimHeld({ workerId, shard, topic, limit: 1, leaseMs: TRIAL_LEASE_MS });
    await setAside(deps, claimed.unreadable);
    const claims = claimed.claims.filter((claim): claim is Claim => claim.kind === "occurrence");
    if (claims.length === 0) continue;
    await runClaims({ deps, breakers, workerId, claims, nowMs: claimed.nowMs });
    return;
  }
}
