import type { ScheduleStore } from "~/server/ports/store/schedules";
import type { Store } from "~/server/ports/store/store";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { iso } from "./view";

type Facets = Awaited<ReturnType<ScheduleStore["facets"]>>;

/** An answer is served without a new query for at least this long. */
const FRESH_MS = 30_000;
/** The answer of a slow query is served without a new query for this many times the duration of the query. */
const FRESH_PER_QUERY = 20;
/** If the answer is older, the caller waits for a new query. */
const MAX_AGE_MS = 600_000;

interface CachedFacets {
  answer: { facets: Facets; atMs: number; tookMs: number } | null;
  query: Promise<Facets> | null;
}
const cacheOf = new WeakMap<Store, CachedFacets>();

/**
 * The values that the list can be filtered by, with counts as of `asOf`. A stale answer is served while the next one is
 * computed, because counting reads every schedule.
 */
export async function scheduleFacets(call: { ctx: Ctx }): Promise<Facets & { asOf: string }> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const cached = cacheOf.get(deps.store.shared) ?? { answer: null, query: null };
  cacheOf.set(deps.store.shared, cached);
  const { answer } = cached;
  const ageMs = answer === null ? Infinity : deps.clock.now() - answer.atMs;
  if (answer === null || ageMs > MAX_AGE_MS) {
    await ask(deps, cached);
  } else if (ageMs > Math.max(FRESH_MS, FRESH_PER_QUERY * answer.tookMs)) {
    ask(deps, cached).catch((error: unknown) => deps.log.warn({ err: error }, "could not refresh the schedule facets"));
  }
  const newest = cached.answer as NonNullable<CachedFacets["answer"]>;
  return { ...newest.facets, asOf: iso(newest.atMs) };
}

/** Runs one query for all concurrent callers. */
function ask(deps: Deps, cached: CachedFacets): Promise<Facets> {
  const atMs = deps.clock.now();
  const started = performance.now();
  cached.query ??= deps.store.shared
    .facets()
    .then((facets) => {
      cached.answer = { facets, atMs, tookMs: performance.now() - started };
      return facets;
    })
    .finally(() => {
      cached.query = null;
    });
  return cached.query;
}
