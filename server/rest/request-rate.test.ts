import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createRequestRate } from "./request-rate";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const from = (address: string, key?: string) => ({ address, authorization: key && `Bearer ${key}` });

it("limits the requests of each key and each address in ten seconds, and reports both limits in headers", async () => {
  const rate = createRequestRate({ perKey: 2, perAddress: 4 });
  const counted = [];
  for (const key of ["a", "a", "a", "b", "c"]) counted.push(await rate.count(from("192.0.2.1", key)));
  expect(counted.map(({ retryAfterSeconds }) => retryAfterSeconds)).toEqual([null, null, 10, null, 10]);
  expect(counted.map(({ headers }) => headers.ratelimit)).toEqual([
    '"key";r=1;t=10, "address";r=3;t=10',
    '"key";r=0;t=10, "address";r=2;t=10',
    '"key";r=0;t=10, "address";r=1;t=10',
    '"key";r=1;t=10, "address";r=0;t=10',
    '"key";r=1;t=10, "address";r=0;t=10',
  ]);
  expect(counted[0]?.headers["ratelimit-policy"]).toBe('"key";q=2;w=10, "address";q=4;w=10');
  // Requests from another address are not limited by the first address.
  expect((await rate.count(from("192.0.2.2", "b"))).retryAfterSeconds).toBeNull();

  vi.advanceTimersByTime(4000);
  expect((await rate.count(from("192.0.2.1"))).retryAfterSeconds).toBe(6);
  vi.advanceTimersByTime(6000);
  expect((await rate.count(from("192.0.2.1", "a"))).retryAfterSeconds).toBeNull();
});

it("counts the addresses of one IPv6 network together, and all requests without an address together", async () => {
  const rate = createRequestRate({ perKey: 0, perAddress: 2 });
  for (const i of [1, 2]) expect((await rate.count(from(`2001:db8::${i}`))).retryAfterSeconds).toBeNull();
  expect((await rate.count(from("2001:db8::3"))).retryAfterSeconds).toBe(10);
  const unknown = { address: null, authorization: undefined };
  const waits = [];
  for (let i = 0; i < 3; i += 1) waits.push((await rate.count(unknown)).retryAfterSeconds);
  expect(waits).toEqual([null, null, 10]);
});

it("limits nothing and sends no headers if both limits are 0", async () => {
  const rate = createRequestRate({ perKey: 0, perAddress: 0 });
  for (let i = 0; i < 10; i += 1) {
    expect(await rate.count(from("192.0.2.1", "a"))).toEqual({ headers: {}, retryAfterSeconds: null });
  }
});
