import type { InstanceInput } from "~/server/domain/changes/change";
import type { Attempt } from "~/server/domain/execution";
import { isRecurring } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Claim } from "~/server/ports/hot/claims";
import type { Deps } from "../ctx";

/** An occurrence as it waits: what a lost Redis must be given back. */
export interface Waiting {
  schedule: Schedule;
  instance: InstanceInput;
}

type Document = { id: string; at: number } & Waiting;

const OF_THE_CATALOGUE: ReadonlySet<string> = new Set(["schedule", "delayed_event"]);

/**
 * Writes down, before their settle, occurrences that will wait for a retry or be held: until they are run they stand in
 * Redis alone, of a plan that may have been changed since. A one-time schedule's own occurrence stands in the catalogue
 * anyway.
 */
export async function noteWaiting(
  deps: Deps,
  waiting: readonly { claim: Claim; attempts?: readonly Attempt[] }[],
): Promise<void> {
  const alone = waiting.filter(({ claim }) => isRecurring(claim.schedule) || !OF_THE_CATALOGUE.has(claim.trigger));
  await Promise.all(
    alone.map(({ claim, attempts = claim.attempts }) => {
      const { key, nominalMs, effectiveMs, trigger, actor, schedule } = claim;
      const lane = trigger === "catch_up" ? ("c" as const) : null;
      const instance = { key, nominalMs, effectiveMs, trigger, actor, lane, attempts };
      const document: Document = { id: key, at: deps.clock.now(), schedule, instance };
      return deps.hot.append("w", JSON.stringify(document));
    }),
  );
}

/** A stored document as it was noted. */
export function readWaiting(json: string): Waiting {
  const { schedule, instance } = JSON.parse(json) as Document;
  return { schedule, instance };
}
