import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createReach, type StoreName } from "./reach";
import { unlessAway } from "./unless-away";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Stores that respond, or hang. */
function stores() {
  const hung = new Set<StoreName>();
  const pinged: StoreName[] = [];
  const ping = (store: StoreName) => () => {
    pinged.push(store);
    return hung.has(store) ? new Promise<void>(() => {}) : Promise.resolve();
  };
  const reach = createReach({ pings: { redis: ping("redis"), clickhouse: ping("clickhouse") }, now: Date.now });
  return { hung, pinged, reach };
}

async function elapse<T>(ms: number, work: Promise<T>): Promise<T> {
  const settled = work.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(ms);
  await settled;
  return work;
}

describe("a look at the stores", () => {
  it("tells within 2 s which one hangs, and remembers it for 6 s", async () => {
    const { hung, reach } = stores();
    hung.add("redis");
    expect(reach.away()).toEqual([]);
    expect(await elapse(2000, reach.look())).toEqual({ redis: false, clickhouse: true });
    expect(reach.away()).toEqual(["redis"]);
    await vi.advanceTimersByTimeAsync(6001);
    expect(reach.away()).toEqual([]);
  });

  it("tells that a store is back", async () => {
    const { hung, reach } = stores();
    hung.add("clickhouse");
    await elapse(2000, reach.look());
    hung.clear();
    expect(await reach.look()).toEqual({ redis: true, clickhouse: true });
    expect(reach.away()).toEqual([]);
  });

  it("is shared by all who ask within a second", async () => {
    const { pinged, reach } = stores();
    await Promise.all([reach.look(), reach.look(), reach.look()]);
    expect(pinged).toEqual(["redis", "clickhouse"]);
    await vi.advanceTimersByTimeAsync(1000);
    await reach.look();
    expect(pinged).toHaveLength(4);
  });
});

describe("a read", () => {
  const slow = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve("rows"), ms));

  it("takes as long as it needs while the stores respond", async () => {
    expect(await elapse(8000, unlessAway(stores().reach, slow(8000)))).toBe("rows");
  });

  it.each<[StoreName, string, string]>([
    ["redis", "redis_unavailable", "Redis does not respond."],
    ["clickhouse", "clickhouse_unavailable", "ClickHouse does not respond."],
  ])("is given up after 3 s when %s hangs", async (store, code, message) => {
    const { hung, reach } = stores();
    hung.add(store);
    await expect(elapse(3000, unlessAway(reach, slow(60_000)))).rejects.toMatchObject({ code, message });
  });

  it("is given up after 2.5 s when the store is known to hang, and has that long to get its rows elsewhere", async () => {
    const { hung, reach } = stores();
    hung.add("redis");
    await elapse(2000, reach.look());
    expect(await elapse(2400, unlessAway(reach, slow(2400)))).toBe("rows");
  });

  it("fails with its own error", async () => {
    const failing = Promise.reject(new Error("its own"));
    await expect(unlessAway(stores().reach, failing)).rejects.toThrow("its own");
  });
});
