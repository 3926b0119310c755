import type { DehydratedState, QueryKey } from "@tanstack/react-query";

/*
 * The server sends a page before all of its queries have answered. Late answers follow in the same response, as
 * promises of the dehydrated state. The HTML shows skeletons for late queries, and the first render in the browser must
 * equal the HTML. So late answers wait at a gate until the page is hydrated.
 */

/** A streamed answer; null if the query failed. */
type StreamedAnswer = { data: unknown } | null;

interface Gate {
  opened: Promise<void>;
  open(): void;
}

const gates = new WeakMap<DehydratedState, Gate>();

/** The gate of a state, the same for every render, because React may drop a render before its effects run. */
export function gateOf(state: DehydratedState): Gate {
  const known = gates.get(state);
  if (known !== undefined) return known;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const gate = { opened, open };
  gates.set(state, gate);
  return gate;
}

/** The state for the browser. A failure becomes an answer, because React would log a rejected promise as an error. */
export function streamable(state: DehydratedState): DehydratedState {
  const queries = state.queries.map(({ promise, ...query }) => {
    if (promise === undefined) return query;
    const answer: Promise<StreamedAnswer> = promise.then(
      (data) => ({ data }),
      () => null,
    );
    return { ...query, promise: answer };
  });
  return { ...state, queries };
}

/**
 * The state with answers that arrive after `opened`. `onFailure` gets the key of a query that failed on the server, so
 * that the browser can run it. Leaves out pending queries while the server renders the HTML, because no gate opens
 * there.
 */
export function resumed(
  state: DehydratedState,
  input: { opened: Promise<void>; onFailure: (queryKey: QueryKey) => void; isServer: boolean },
): DehydratedState {
  const { opened, onFailure, isServer } = input;
  const queries = state.queries.flatMap((query) => {
    const { promise, queryKey } = query;
    if (promise === undefined) return [query];
    if (isServer) return [];
    const answer = opened
      .then(() => promise as Promise<StreamedAnswer>)
      // The connection was lost.
      .catch(() => null)
      .then((found) => {
        if (found !== null) return found.data;
        onFailure(queryKey);
        return new Promise(() => {});
      });
    return [{ ...query, promise: answer }];
  });
  return { ...state, queries };
}
