import { expect, test } from "vitest";
import { failedQueries } from "./failed-queries";

test("failedQueries retries the queries that failed, and no other", () => {
  const retried: string[] = [];
  const query = (name: string, error: unknown, isFetching = false) => ({
    error,
    isFetching,
    refetch: () => retried.push(name),
  });
  expect(failedQueries([query("a", null), query("b", undefined)])).toBeNull();
  const failed = failedQueries([query("a", null, true), query("b", new Error("b")), query("c", new Error("c"))]);
  expect(failed).toMatchObject({ error: new Error("b"), isFetching: false });
  failed?.refetch();
  expect(retried).toEqual(["b", "c"]);
  expect(failedQueries([query("b", new Error("b")), query("c", new Error("c"), true)])?.isFetching).toBe(true);
});
