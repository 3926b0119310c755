import {
  type DehydratedState,
  dehydrate,
  type FetchQueryOptions,
  hashKey,
  type Query,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { cache } from "react";
import { openContainer } from "~/server/container";
import { AppError } from "~/server/domain/errors";
import { snapshotZones, zonesInUse } from "~/server/domain/recurrence";
import { hasVirtualClock } from "~/server/has-virtual-clock";
import {
  isFirstAccountMissing,
  providerName,
  readOwnCookie,
  SESSION_COOKIE,
  setupStatus,
} from "~/server/services/access";
import type { Principal } from "~/server/services/principal";
import { mayReadTestClock } from "~/server/services/test-clock";
import { trpcContext } from "./handler";
import { appRouter } from "./router";

/** How long a page waits for its data before its HTML is sent. Later answers are streamed into the page. */
const PREFETCH_MS = 250;
/** How long a page waits for data that it does not stream. */
const WHOLE_MS = 2000;
/** How long a page waits while a store does not respond. The data of the other store arrives sooner. */
const PREFETCH_OUTAGE_MS = 500;

const requestContext = cache(async () => trpcContext(new Headers(await headers())));
const requestQueryClient = cache(
  () => new QueryClient({ defaultOptions: { queries: { staleTime: 5000, retry: false } } }),
);

/** Query options of every procedure, for `prefetch` in server components. */
export const trpc = createTRPCOptionsProxy({ router: appRouter, ctx: requestContext, queryClient: requestQueryClient });

export { rightsOf } from "~/server/services/access";

/** The signed-in caller of this request, or null. Throws `redis_unavailable` if the session cannot be verified. */
export async function currentPrincipal(): Promise<Principal | null> {
  return (await requestContext()).call.principal;
}

/** Whether the user is signed in, but must set up a second factor first. */
export async function mustEnrol(): Promise<boolean> {
  return Boolean((await requestContext()).call.enrolling);
}

/** Whether the request has a session cookie. If it has one but no caller, the session has ended. */
export async function hadSession(): Promise<boolean> {
  return readOwnCookie(new Headers(await headers()), SESSION_COOKIE) !== null;
}

/** The caller of a request; "unknown" while Redis does not respond, so that the session cannot be verified. */
export type Caller = Principal | "unknown";

/** Like `currentPrincipal`, but returns "unknown" while Redis does not respond. */
export async function callerOrUnknown(): Promise<Caller | null> {
  try {
    return await currentPrincipal();
  } catch (error) {
    if (error instanceof AppError && error.code === "redis_unavailable") return "unknown";
    throw error;
  }
}

/**
 * The time of the virtual clock, epoch ms, and whether the caller has the right to read it again; null without
 * `--virtual-clock`. While Redis does not respond, the rights of the caller are unknown.
 */
export async function virtualTime(): Promise<{ nowMs: number; isReadable: boolean } | null> {
  if (!hasVirtualClock()) return null;
  const [{ deps }, caller] = await Promise.all([openContainer("web"), callerOrUnknown()]);
  return { nowMs: deps.clock.now(), isReadable: caller !== "unknown" && mayReadTestClock(caller) };
}

/** Whether the caller of this request may see only some topics. */
export async function hasScope(): Promise<boolean> {
  const caller = await callerOrUnknown();
  return caller !== "unknown" && caller?.scope !== undefined;
}

const YEAR_MS = 366 * 86_400_000;
let pageZones: { version: string; json: string } | undefined;

/** Returns the time zone rules for the pages, as JSON. Call it after `callerOrUnknown`. */
export function pageZonesJson(): string {
  const database = zonesInUse();
  if (pageZones?.version !== database.version) {
    // For earlier times, pages use the rules of the browser.
    const sinceMs = Date.now() - 2 * YEAR_MS;
    const zones = snapshotZones(database, sinceMs - YEAR_MS);
    pageZones = { version: database.version, json: JSON.stringify({ sinceMs, zones }) };
  }
  return pageZones.json;
}

/** The name of the identity provider at which users sign in; null if there is none. */
export async function signInProvider(): Promise<string | null> {
  return providerName(await openContainer("web"));
}

/** Whether the first account must still be created. False while a store does not answer. */
export async function needsFirstAccount(): Promise<boolean> {
  try {
    const { call } = await requestContext();
    return call.deps.reach.unreachable().length === 0 && (await isFirstAccountMissing({ ctx: call }));
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Whether this token opens `/setup` at the moment. */
export async function isSetupOpen(token: string): Promise<boolean> {
  const { call } = await requestContext();
  try {
    return (await setupStatus({ ctx: call, input: { token } })).needed;
  } catch (error) {
    if (error instanceof AppError && error.code === "forbidden") return false;
    throw error;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the options of any query; the result is only put into the cache
type AnyQuery = FetchQueryOptions<any, any, any, any>;

/** Whether late answers are streamed into the page of this request. */
const requestStreams = cache(() => ({ isStreamed: true }));

/**
 * Runs queries and puts the answers into the cache that `HydrateClient` passes to the browser. Waits for at most
 * `PREFETCH_MS`; later answers are streamed into the page, unless `prefetchWhole` was called. During an outage, waits
 * for at most `PREFETCH_OUTAGE_MS` and streams nothing. The browser runs failed queries again.
 */
export async function prefetch(...queries: readonly AnyQuery[]): Promise<void> {
  await runFor(PREFETCH_MS, queries);
}

/**
 * Like `prefetch`, but waits longer and streams nothing. For queries of lazily loaded components: React hydrates these
 * after their page, and data that arrived in between would not match their HTML.
 */
export async function prefetchWhole(...queries: readonly AnyQuery[]): Promise<void> {
  requestStreams().isStreamed = false;
  await runFor(WHOLE_MS, queries);
}

/** Waits for the query that the title needs but the page does not wait for. Read its answer with `prefetched`. */
export async function prefetchTitle(query: AnyQuery): Promise<void> {
  await runFor(WHOLE_MS, [query]);
}

async function runFor(ms: number, queries: readonly AnyQuery[]): Promise<void> {
  const client = requestQueryClient();
  const { call } = await requestContext().catch(() => ({ call: null }));
  // Without a verified caller the layout shows no page, so nothing is prefetched.
  if (call === null) return;
  const isOutage = call.deps.reach.unreachable().length > 0;
  // During an outage, the browser requests missing data. A streamed page would be loading until the deadline.
  if (isOutage) requestStreams().isStreamed = false;
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, isOutage ? PREFETCH_OUTAGE_MS : ms);
  });
  const all = Promise.all(queries.map((query) => client.prefetchQuery(query)));
  await Promise.race([all, enough]);
  clearTimeout(timer);
}

/** Returns prefetched data; undefined if the query failed or took too long. */
export function prefetched<Key extends QueryKey>(key: Key) {
  return requestQueryClient().getQueryData(key);
}

/** The queries of the page, with their data or the promise of a late answer. */
export function pageState(): DehydratedState {
  const { isStreamed } = requestStreams();
  return stateOf(({ state }) => state.status === "success" || (isStreamed && state.status === "pending"));
}

/** The data of one query. The layout passes only its own query, because the page inside passes the others. */
export function stateOfQuery(queryKey: QueryKey): DehydratedState {
  const hash = hashKey(queryKey);
  return stateOf(({ queryHash, state }) => queryHash === hash && state.status === "success");
}

function stateOf(shouldDehydrateQuery: (query: Query) => boolean): DehydratedState {
  // Errors do not leave the server, so there is nothing to redact.
  return dehydrate(requestQueryClient(), { shouldDehydrateQuery, shouldRedactErrors: () => false });
}
