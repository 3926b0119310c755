import type { PublishedInPlace } from "~/server/ports/hot/claims";
import { count } from "../counters";
import type { Deps } from "../ctx";
import type { Breakers } from "./breakers";

/**
 * Counts the events that a claim published in place, and reports the successes to the breakers of their topics.
 *
 * @param input.nowMs Redis time of the claim
 */
export async function countPublished(input: {
  deps: Deps;
  breakers: Breakers;
  published: PublishedInPlace;
  nowMs: number;
}): Promise<void> {
  const { deps, breakers, published, nowMs } = input;
  for (const [topic, succeeded] of published.topics)
    await breakers.recordCalls(`topic:${topic}`, { ok: succeeded, failed: 0, error: null });
  const lateness = published.effective.flatMap(([ms, n]) => new Array<number>(n).fill(Math.max(0, nowMs - ms) / 1000));
  await count(deps, { published: published.count }, { lateness });
}
