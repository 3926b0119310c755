import { type BreakerName, trialIsDue } from "~/server/domain/breaker";
import type { HeldTopic } from "~/server/ports/hot/breakers";
import type { Claim } from "~/server/ports/hot/claims";
import type { Deps } from "../ctx";
import type { Breakers } from "./breakers";
import { runClaims } from "./run-claims";
import { setAside } from "./set-aside";

/** Held events are drained until this many occurrences are due in the shard's catch-up lane. */
const DRAIN_LIMIT = 500;
/** Expired held events are moved until this many occurrences are due in the shard's catch-up lane. */
const EXPIRE_LIMIT = 500;
const TRIAL_LEASE_MS = 30_000;

interface TrialDeps {
  deps: Deps;
  breakers: Breakers;
  workerId: string;
}

/**
 * Moves expired held events to the catch-up lane, runs due trials with the oldest publishable held event of each topic,
 * and drains topics whose breaker closed. If a topic holds no publishable event, its next live event is the trial
 * (`runClaims`). Returns whether there may be more to move.
 */
export async function runBreakerTrials(input: TrialDeps): Promise<boolean> {
  const { deps, breakers } = input;
  await breakers.refresh();
  const expired = await deps.hot.expireHeld({ limit: EXPIRE_LIMIT });
  const held = await deps.hot.heldTopics();
  const drained = await Promise.all(
    held.map(async (topic) => {
      const name: BreakerName = `topic:${topic.topic}`;
      if (breakers.get(name).state === "closed") return drain(deps, topic);
      if (trialIsDue(breakers.get(name), deps.clock.now())) await runTrial(input, topic);
      return false;
    }),
  );
  return expired > 0 || drained.includes(true);
}

/** Returns true, because only the next list of held topics shows whether more is held. */
async function drain(deps: Deps, { topic, shards }: HeldTopic): Promise<boolean> {
  await Promise.all(shards.map((shard) => deps.hot.drainHeld({ shard, topic, limit: DRAIN_LIMIT })));
  return true;
}

/** Runs the oldest held event as the trial. If a shard has none left, tries the next shard. */
async function runTrial({ deps, breakers, workerId }: TrialDeps, { topic, shards }: HeldTopic): Promise<void> {
  for (const shard of shards) {
    const claimed = await deps.hot.claimHeld({ workerId, shard, topic, limit: 1, leaseMs: TRIAL_LEASE_MS });
    await setAside(deps, claimed.unreadable);
    const claims = claimed.claims.filter((claim): claim is Claim => claim.kind === "occurrence");
    if (claims.length === 0) continue;
    await runClaims({ deps, breakers, workerId, claims, nowMs: claimed.nowMs });
    return;
  }
}
