import {
  type DehydratedState,
  dehydrate,
  hydrate,
  QueryClient,
  type QueryKey,
  QueryObserver,
} from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { gateOf, resumed, streamable } from "./streamed-queries";

const KEY = ["slow"];

/** A server whose query is still running, and its state as it is sent to the browser. */
function pageWithPendingQuery() {
  let answer: (data: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const server = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const queryFn = () =>
    new Promise<string>((resolve, reject) => {
      answer = resolve;
      fail = reject;
    });
  void server.prefetchQuery({ queryKey: KEY, queryFn });
  const options = { shouldDehydrateQuery: () => true, shouldRedactErrors: () => false };
  return {
    state: streamable(dehydrate(server, options)),
    answer: (data: string) => answer(data),
    fail: () => fail(new Error("no")),
  };
}

function hydrateIn(browser: QueryClient, state: DehydratedState, onFailure: (key: QueryKey) => void = () => {}) {
  const { opened } = gateOf(state);
  hydrate(browser, resumed(state, { opened, onFailure, isServer: false }));
}

/** Runs everything that is due, such as the handlers of settled promises. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it("shows an answer only after the page is hydrated, even if the answer arrived before", async () => {
  const { state, answer } = pageWithPendingQuery();
  answer("late");
  await state.queries[0]?.promise;
  const browser = new QueryClient();
  hydrateIn(browser, state);
  await settled();
  expect(browser.getQueryState(KEY)).toMatchObject({ status: "pending", fetchStatus: "fetching" });
  gateOf(state).open();
  await vi.waitFor(() => expect(browser.getQueryData(KEY)).toBe("late"));
});

it("does not run in the browser a query that the server answers", async () => {
  const { state, answer } = pageWithPendingQuery();
  const browser = new QueryClient();
  hydrateIn(browser, state);
  const queryFn = vi.fn(async () => "browser");
  const stop = new QueryObserver(browser, { queryKey: KEY, queryFn, staleTime: 5000 }).subscribe(() => {});
  gateOf(state).open();
  answer("server");
  await vi.waitFor(() => expect(browser.getQueryData(KEY)).toBe("server"));
  expect(queryFn).not.toHaveBeenCalled();
  stop();
});

it("reports a query that failed on the server, so that the browser runs it", async () => {
  const { state, fail } = pageWithPendingQuery();
  const browser = new QueryClient();
  hydrateIn(browser, state, (queryKey) => void browser.resetQueries({ queryKey, exact: true }));
  const queryFn = vi.fn(async () => "browser");
  const stop = new QueryObserver(browser, { queryKey: KEY, queryFn }).subscribe(() => {});
  gateOf(state).open();
  fail();
  await vi.waitFor(() => expect(browser.getQueryData(KEY)).toBe("browser"));
  expect(queryFn).toHaveBeenCalledTimes(1);
  stop();
});

it("leaves out queries without data while the server renders the HTML", () => {
  const { state } = pageWithPendingQuery();
  const opened = gateOf(state).opened;
  expect(resumed(state, { opened, onFailure: () => {}, isServer: true }).queries).toEqual([]);
});

it("returns the same gate for the same state", () => {
  const { state } = pageWithPendingQuery();
  expect(gateOf(state)).toBe(gateOf(state));
});
