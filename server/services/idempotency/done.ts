import type { KeptAnswer } from "~/server/ports/hot/answers";
import type { Deps } from "../ctx";
import { KEY_RETENTION_MS } from "./key";

/**
 * Returns the answer that records a change as made, for `wasDone`. Store it in one step with the change. `seed`: from
 * `once`; null without an idempotency key, and then there is no answer.
 */
export function doneAnswer(seed: string | null): KeptAnswer | undefined {
  return seed === null ? undefined : { name: seed, value: "done", ttlMs: KEY_RETENTION_MS };
}

/** Whether an earlier request with the same `seed` has made the change. `seed`: as in `doneAnswer`. */
export async function wasDone({ hot }: Pick<Deps, "hot">, of: { scheduleId: string; seed: string | null }) {
  if (of.seed === null) return false;
  return (await hot.answers.read({ shard: hot.shardOf(of.scheduleId), name: of.seed })) !== null;
}
