import type { InstanceInput } from "~/server/domain/changes/change";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Attempt } from "~/server/domain/execution";
import { isRecurring } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Claim } from "~/server/ports/hot/claims";
import type { Deps } from "../ctx";

/** A waiting occurrence with everything needed to restore it after a loss of Redis. */
export interface Waiting {
  schedule: Schedule;
  instance: InstanceInput;
}

type Document = { id: string; at: number } & Waiting;

/** The triggers of a one-time schedule's own occurrence. */
const TRIGGERS_IN_CATALOGUE: ReadonlySet<string> = new Set(["schedule", "delayed_event"]);

/**
 * Writes occurrences that will be retried or held into the outbox before they are settled, because otherwise a loss of
 * Redis would lose them. Skips a one-time schedule's own occurrence, which the catalogue can restore.
 */
export async function storeWaiting(
  deps: Deps,
  waiting: readonly { claim: Claim; attempts?: readonly Attempt[] }[],
): Promise<void> {
  const onlyInRedis = waiting.filter(
    ({ claim }) => isRecurring(claim.schedule) || !TRIGGERS_IN_CATALOGUE.has(claim.trigger),
  );
  await Promise.all(
    onlyInRedis.map(({ claim, attempts = claim.attempts }) => {
      const { key, nominalMs, effectiveMs, trigger, actor, schedule } = claim;
      const lane = trigger === "catch_up" ? ("c" as const) : null;
      const instance = { key, nominalMs, effectiveMs, trigger, actor, lane, attempts };
      const document: Document = { id: key, at: deps.clock.now(), schedule, instance };
      return deps.hot.append(DOCUMENT_KIND.waitingOccurrence, JSON.stringify(document));
    }),
  );
}

export function readWaiting(json: string): Waiting {
  const { schedule, instance } = JSON.parse(json) as Document;
  return { schedule, instance };
}
