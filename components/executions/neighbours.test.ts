import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { recallNeighbours, rememberNeighbours } from "./neighbours";

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  });
});
afterEach(() => void vi.unstubAllGlobals());

it("recalls the list that an execution was opened from, in its order", () => {
  rememberNeighbours(["c", "a", "b"]);
  expect(recallNeighbours("a")).toEqual(["c", "a", "b"]);
});

it.each([
  ["no list is stored", () => {}],
  ["the list does not have the execution", () => rememberNeighbours(["b"])],
  [
    "an older release stored the list in another format",
    () => sessionStorage.setItem("stufio:executions", '{"ids":["a"]}'),
  ],
])("recalls nothing if %s", (_, store) => {
  store();
  expect(recallNeighbours("a")).toBeNull();
});

it("stores at most 1,000 rows", () => {
  rememberNeighbours(Array.from({ length: 1200 }, (_, index) => String(index)));
  expect(recallNeighbours("999")).toHaveLength(1000);
});
