import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byHalves } from "./by-halves";
import { DataFault, isDataFault } from "./data-fault";
import { AppError } from "./errors";

/** A step that refuses a whole part if one of its items is bad. Records its calls and the items that it processed. */
function step(bad: (item: number) => boolean) {
  const done: number[] = [];
  const calls: number[][] = [];
  return {
    done,
    calls,
    async run(part: readonly number[]) {
      calls.push([...part]);
      if (part.some(bad)) throw new DataFault(`${part.find(bad)} is bad`);
      done.push(...part);
    },
  };
}

describe("byHalves", () => {
  it("makes one call if no item is bad, and none for an empty batch", async () => {
    const { run, calls, done } = step(() => false);
    expect(await byHalves([], run)).toEqual([]);
    expect(calls).toEqual([]);
    expect(await byHalves([1, 2, 3], run)).toEqual([]);
    expect(calls).toEqual([[1, 2, 3]]);
    expect(done).toEqual([1, 2, 3]);
  });

  it("processes every good item once and in order, and returns each bad item with its position and error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 80 }), async (badness) => {
        const items = badness.map((_, index) => index);
        const { run, done } = step((item) => badness[item] === true);
        const offenders = await byHalves(items, run);
        expect(done).toEqual(items.filter((item) => !badness[item]));
        expect(offenders.map(({ item, index, error }) => [item, index, error.message])).toEqual(
          items.filter((item) => badness[item]).map((item) => [item, item, `${item} is bad`]),
        );
      }),
    );
  });

  it("finds one bad item of 1,024 in 21 calls", async () => {
    const { run, calls } = step((item) => item === 700);
    await byHalves(
      Array.from({ length: 1024 }, (_, index) => index),
      run,
    );
    expect(calls).toHaveLength(21);
  });

  it("passes the position of each part", async () => {
    const ranges: [number, number][] = [];
    await byHalves(["a", "b", "c"], async (part, { from, to }) => {
      ranges.push([from, to]);
      if (part.includes("c")) throw new DataFault("c");
    });
    expect(ranges).toEqual([
      [0, 3],
      [0, 2],
      [2, 3],
    ]);
  });

  it("immediately throws an error that the data did not cause", async () => {
    const outage = new AppError("clickhouse_unavailable", "away");
    let calls = 0;
    const run = async () => {
      calls += 1;
      throw outage;
    };
    await expect(byHalves([1, 2, 3], run)).rejects.toBe(outage);
    expect(calls).toBe(1);
  });
});

describe("isDataFault", () => {
  it.each([
    ["a refused row", new DataFault("x"), true],
    ["a cron that cannot be read", new AppError("cron_invalid", "x"), true],
    ["an impossible time", new RangeError("Invalid time value"), true],
    ["text that is not JSON", new SyntaxError("x"), true],
    ["an unreachable store", new AppError("clickhouse_unavailable", "x"), false],
    ["a full Redis", new AppError("redis_unavailable", "x"), false],
    ["a slow query", new AppError("query_timeout", "x"), false],
    ["a broken connection", Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }), false],
    ["a bug in our code", new AppError("internal", "x"), false],
  ])("%s: %s → %s", (_, error, expected) => {
    expect(isDataFault(error)).toBe(expected);
  });
});
