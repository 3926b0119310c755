import type { TileQuery } from "./query-tile";

export type RetriedQuery = Pick<TileQuery<unknown>, "error" | "isFetching" | "refetch">;

/** The failed queries of a tile with several queries, as one query; null if none failed. */
export function failedQueries(queries: readonly RetriedQuery[]): RetriedQuery | null {
  const failed = queries.filter(({ error }) => Boolean(error));
  const [first] = failed;
  if (first === undefined) return null;
  return {
    error: first.error,
    isFetching: failed.some(({ isFetching }) => isFetching),
    refetch: () => Promise.all(failed.map(({ refetch }) => refetch())),
  };
}
