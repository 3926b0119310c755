import { z } from "zod";
import { type Breaker, type BreakerName, CLOSED } from "~/server/domain/breaker";
import { AppError } from "~/server/domain/errors";
import { Line } from "~/server/domain/text";
import type { BreakerView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { isoOrNull } from "../schedules/view";

/**
 * Returns the breakers that are open, half-open or have recent failures, and the breakers of topics with held
 * occurrences. Closed breakers come last.
 */
export async function listBreakers(call: { ctx: Ctx }): Promise<BreakerView[]> {
  requireRight(call.ctx, "executions:read");
  return collectBreakers(call.ctx.deps);
}

export async function collectBreakers(deps: Deps): Promise<BreakerView[]> {
  const [breakers, held] = await Promise.all([deps.hot.breakers(), deps.hot.heldTopics()]);
  const heldBy = new Map(held.map((one) => [`topic:${one.topic}` as BreakerName, one]));
  const names = [...new Set([...breakers.keys(), ...heldBy.keys()])];
  return names
    .map((name) => viewOf(name, breakers.get(name) ?? CLOSED, heldBy.get(name)))
    .sort((a, b) => Number(a.state === "closed") - Number(b.state === "closed") || a.name.localeCompare(b.name));
}

function viewOf(name: BreakerName, breaker: Breaker, held?: { count: number; oldestMs: number }): BreakerView {
  const at = name.indexOf(":");
  return {
    name,
    kind: name.slice(0, at) as BreakerView["kind"],
    target: name.slice(at + 1),
    state: breaker.state,
    failures: breaker.failures,
    error: breaker.error,
    openedAt: isoOrNull(breaker.openedAtMs),
    nextTrialAt: breaker.state === "open" ? isoOrNull(breaker.nextTrialAtMs) : null,
    held: held?.count ?? 0,
    oldestHeldAt: isoOrNull(held?.oldestMs ?? null),
  };
}

export const ResetBreakerInput = z.strictObject({
  name: Line(255).regex(/^(topic:.{1,249}|store:clickhouse)$/, "must be topic:<name> or store:clickhouse"),
});
export type ResetBreakerInput = z.infer<typeof ResetBreakerInput>;

/**
 * Closes a breaker, so that its held occurrences are drained. The result of a trial in progress is ignored. Throws
 * `not_found` for a closed breaker without failures.
 */
export async function resetBreaker(call: { ctx: Ctx; input: ResetBreakerInput }): Promise<{ name: string }> {
  requireRight(call.ctx, "system:operate");
  const { deps } = call.ctx;
  const name = call.input.name as BreakerName;
  let from = (await deps.hot.breakers()).get(name);
  if (from === undefined) throw new AppError("not_found", `The breaker ${name} is already closed.`);
  for (;;) {
    const { swapped, current } = await deps.hot.swapBreaker({ name, from, to: CLOSED });
    if (swapped || current === CLOSED) break;
    from = current;
  }
  await writeAudit(call.ctx, { action: "breaker.reset", target: name, after: { error: from.error } });
  return { name };
}
