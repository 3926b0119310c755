import type { KeptAnswer } from "~/server/ports/hot/answers";
import type { Deps } from "../ctx";
import { KEY_RETENTION_MS } from "./key";

/** Returns the mark for `wasDone`, to be stored in one step with a change. Undefined without an idempotency key. */
export function doneAnswer(seed: string | null): KeptAnswer | undefined {
  return seed === null ? undefined : { name: seed, value: "done", ttlMs: KEY_RETENTION_MS };
}

/** Whether an earlier request with the same seed has made the change. */
export async function wasDone({ hot }: Pick<Deps, "hot">, of: { scheduleId: string; seed: string | null }) {
  if (of.seed === null) return false;
  return (await hot.answers.read({ shard: hot.shardOf(of.scheduleId), name: of.seed })) !== null;
}
