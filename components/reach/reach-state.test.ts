import { describe, expect, it } from "vitest";
import { INITIAL_REACH, livenessOf, nextReach, outageOf, type ReachEvent } from "./reach-state";

const after = (...events: ReachEvent[]) => events.reduce(nextReach, INITIAL_REACH);
const report = (at: number, stores: { redis?: boolean; clickhouse?: boolean } = {}): ReachEvent => ({
  kind: "report",
  at,
  redis: true,
  clickhouse: true,
  ...stores,
});

describe("outageOf", () => {
  it.each<[string, ReachEvent[], ReturnType<typeof outageOf>]>([
    ["null before the first report", [], null],
    ["null when both stores respond", [report(10)], null],
    ["Redis, since its last response", [report(10), report(20, { redis: false })], { parts: ["redis"], since: 10 }],
    [
      "Redis, still since then after more reports",
      [report(10), report(20, { redis: false }), report(30, { redis: false })],
      { parts: ["redis"], since: 10 },
    ],
    [
      "Redis, for a page that was opened during the outage",
      [report(20, { redis: false })],
      { parts: ["redis"], since: null },
    ],
    [
      "both stores, since the earlier of their last responses",
      [report(10), report(20, { redis: false }), report(30, { redis: false, clickhouse: false })],
      { parts: ["redis", "clickhouse"], since: 10 },
    ],
    ["null once both stores respond again", [report(10), report(20, { clickhouse: false }), report(30)], null],
    [
      "Redis, when the server cannot check the session",
      [report(10), { kind: "unverified", at: 20 }],
      { parts: ["redis"], since: 10 },
    ],
    [
      "only the server, because the stores behind it are unknown",
      [report(10, { redis: false }), { kind: "silent", at: 20 }],
      { parts: ["server"], since: 10 },
    ],
    [
      "only the network, because the server behind it is unknown",
      [report(10), { kind: "silent", at: 15 }, { kind: "network", at: 20, online: false }],
      { parts: ["network"], since: 10 },
    ],
    [
      "the server, until it responds after the network is back",
      [report(10), { kind: "silent", at: 15 }, { kind: "network", at: 20, online: true }],
      { parts: ["server"], since: 10 },
    ],
    ["null once the server responds again", [report(10), { kind: "silent", at: 15 }, report(20)], null],
  ])("returns %s", (_, events, expected) => {
    expect(outageOf(after(...events))).toEqual(expected);
  });
});

describe("the live indicator", () => {
  const NOW = 1_000_000;
  const liveInput = {
    isPaused: false,
    isDisconnected: false,
    tickAt: NOW - 1500,
    updatedAt: NOW - 4000,
    outage: null,
    nowMs: NOW,
  };
  const redis = { parts: ["redis"] as const, since: NOW - 9000 };

  it.each<[string, Partial<Parameters<typeof livenessOf>[0]>, ReturnType<typeof livenessOf>]>([
    ["is live", {}, { kind: "live" }],
    ["is live before the first data", { updatedAt: 0, tickAt: null }, { kind: "live" }],
    ["is reconnecting while the data is recent", { isDisconnected: true }, { kind: "reconnecting" }],
    ["is stale since the store's last response", { outage: redis }, { kind: "stale", since: NOW - 9000 }],
    [
      "is stale since the last update if that is earlier",
      { outage: redis, updatedAt: NOW - 12_000 },
      { kind: "stale", since: NOW - 12_000 },
    ],
    [
      "is stale since the last update if no response is known",
      { outage: { ...redis, since: null } },
      { kind: "stale", since: NOW - 4000 },
    ],
    ["is stale after three missing ticks", { tickAt: NOW - 6001 }, { kind: "stale", since: NOW - 4000 }],
    [
      "is stale when the data is old, even if everything responds",
      { updatedAt: NOW - 25_001 },
      { kind: "stale", since: NOW - 25_001 },
    ],
    [
      "is not stale if a slow page loads its data more rarely",
      { updatedAt: NOW - 40_000, everyMs: 30_000 },
      { kind: "live" },
    ],
    [
      "is stale when the data of a slow page is old",
      { updatedAt: NOW - 45_001, everyMs: 30_000 },
      { kind: "stale", since: NOW - 45_001 },
    ],
    ["is held, however old the data is", { isHeld: true, updatedAt: NOW - 60_000 }, { kind: "held" }],
    ["is stale in an outage while it is held", { isHeld: true, outage: redis }, { kind: "stale", since: NOW - 9000 }],
    ["is never live without data in an outage", { updatedAt: 0, outage: redis }, { kind: "reconnecting" }],
    ["is paused, whatever happens", { isPaused: true, outage: redis }, { kind: "paused" }],
  ])("%s", (_, change, expected) => {
    expect(livenessOf({ ...liveInput, ...change })).toEqual(expected);
  });
});
