import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createReach, type StoreName } from "./reach";
import { unlessUnreachable } from "./unless-unreachable";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

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

describe("a ping of the stores", () => {
  it("reports a hanging store within 2 s, and remembers it for 6 s", async () => {
    const { hung, reach } = stores();
    hung.add("redis");
    expect(reach.unreachable()).toEqual([]);
    expect(await elapse(2000, reach.check())).toEqual({ redis: false, clickhouse: true });
    expect(reach.unreachable()).toEqual(["redis"]);
    await vi.advanceTimersByTimeAsync(6001);
    expect(reach.unreachable()).toEqual([]);
  });

  it("reports that a store responds again", async () => {
    const { hung, reach } = stores();
    hung.add("clickhouse");
    await elapse(2000, reach.check());
    hung.clear();
    expect(await reach.check()).toEqual({ redis: true, clickhouse: true });
    expect(reach.unreachable()).toEqual([]);
  });

  it("is shared by all callers within a second", async () => {
    const { pinged, reach } = stores();
    await Promise.all([reach.check(), reach.check(), reach.check()]);
    expect(pinged).toEqual(["redis", "clickhouse"]);
    await vi.advanceTimersByTimeAsync(1000);
    await reach.check();
    expect(pinged).toHaveLength(4);
  });
});

describe("a read", () => {
  const slow = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve("rows"), ms));

  it("takes as long as it needs while the stores respond", async () => {
    expect(await elapse(8000, unlessUnreachable(stores().reach, slow(8000)))).toBe("rows");
  });

  it.each<[StoreName, string, string]>([
    ["redis", "redis_unavailable", "Redis does not respond."],
    ["clickhouse", "clickhouse_unavailable", "ClickHouse does not respond."],
  ])("times out after 3 s if %s hangs", async (store, code, message) => {
    const { hung, reach } = stores();
    hung.add(store);
    await expect(elapse(3000, unlessUnreachable(reach, slow(60_000)))).rejects.toMatchObject({ code, message });
  });

  it("of up to 2.5 s finishes although a store is known to hang, because it may need only the other store", async () => {
    const { hung, reach } = stores();
    hung.add("redis");
    await elapse(2000, reach.check());
    expect(await elapse(2400, unlessUnreachable(reach, slow(2400)))).toBe("rows");
  });

  it("fails with its own error", async () => {
    const failing = Promise.reject(new Error("its own"));
    await expect(unlessUnreachable(stores().reach, failing)).rejects.toThrow("its own");
  });
});
