import type { ScheduleStore } from "~/server/ports/store/schedules";
import type { Store } from "~/server/ports/store/store";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { iso } from "./view";

type Facets = Awaited<ReturnType<ScheduleStore["facets"]>>;

/** An answer younger than this is given again as it is. */
const FRESH_MS = 30_000;
/** And younger than so many times what it took: counting a large catalogue must not become all that ClickHouse does. */
const FRESH_PER_TOOK = 20;
/** An older one is not given at all: nobody has asked for long. */
const MAX_AGE_MS = 600_000;

interface Kept {
  answer: { facets: Facets; atMs: number; tookMs: number } | null;
  asking: Promise<Facets> | null;
}
const keptOf = new WeakMap<Store, Kept>();

/**
 * The values that the list can be narrowed by, with counts as of `asOf`. Every schedule is counted, so the last answer
 * is given while the next one is made.
 */
export async function scheduleFacets(call: { ctx: Ctx }): Promise<Facets & { asOf: string }> {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const kept = keptOf.get(deps.store.shared) ?? { answer: null, asking: null };
  keptOf.set(deps.store.shared, kept);
  const { answer } = kept;
  const ageMs = answer === null ? Infinity : deps.clock.now() - answer.atMs;
  if (answer === null || ageMs > MAX_AGE_MS) {
    await ask(deps, kept);
  } else if (ageMs > Math.max(FRESH_MS, FRESH_PER_TOOK * answer.tookMs)) {
    ask(deps, kept).catch((error: unknown) => deps.log.warn({ error }, "the facets of the catalogue are not renewed"));
  }
  const given = kept.answer as NonNullable<Kept["answer"]>;
  return { ...given.facets, asOf: iso(given.atMs) };
}

/** Asks once, however many wait for it. */
function ask(deps: Deps, kept: Kept): Promise<Facets> {
  const atMs = deps.clock.now();
  const started = performance.now();
  kept.asking ??= deps.store.shared
    .facets()
    .then((facets) => {
      kept.answer = { facets, atMs, tookMs: performance.now() - started };
      return facets;
    })
    .finally(() => {
      kept.asking = null;
    });
  return kept.asking;
}
