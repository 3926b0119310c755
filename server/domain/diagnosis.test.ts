import { describe, expect, it } from "vitest";
import { type DiagnosisFacts, diagnose } from "./diagnosis";

const GB = 1e9;
const tzdata = { version: "2026c", source: "embedded" };
const HEALTHY = {
  redis: {
    ...{ name: "redis", version: "7.2.4", mode: "standalone", masters: 1 },
    ...{ appendOnly: true, appendFsync: "everysec", usedBytes: 1.5 * GB, maxBytes: 4 * GB, policy: "noeviction" },
  },
  clickhouse: {
    ...{ version: "26.3.1", timezone: "UTC", clockSkewMs: 3, mostParts: 12 },
    settings: [{ name: "readonly", value: "0", isChanged: false }],
    disks: [{ name: "default", freeBytes: 60 * GB, totalBytes: 100 * GB }],
  },
  bus: {
    kind: "kafka" as "kafka" | "redis_streams",
    brokers: ["a:9092", "b:9092"],
    topics: [{ topic: "stufio.events.delayed", partitions: 3, replicas: 2 }],
    group: { group: "g", topic: "stufio.events.delayed", state: "Stable", members: 2, lag: 0 },
  },
  web: { version: "0.1.0", clockSkewMs: 0, tzdata },
  workers: [{ workerId: "w1", version: "0.1.0", clockSkewMs: 1, tzdata }],
} satisfies DiagnosisFacts;

type Facts = typeof HEALTHY;
/** The checks that are not ok, as `part name state`. */
const findings = (over: { [Part in keyof Facts]?: Partial<Facts[Part]> | { fault: string } }) => {
  const facts = Object.fromEntries(
    Object.entries(HEALTHY).map(([part, value]) => {
      const change = over[part as keyof Facts];
      if (change === undefined) return [part, value];
      return [part, "fault" in change || Array.isArray(value) ? change : { ...value, ...change }];
    }),
  );
  const checks = diagnose(facts as unknown as DiagnosisFacts);
  return checks.filter(({ state }) => state !== "ok").map(({ part, name, state }) => `${part} ${name} ${state}`);
};

describe("the diagnosis", () => {
  it("of a healthy installation has only checks that are ok, without advice", () => {
    const checks = diagnose(HEALTHY);
    expect(checks.filter(({ state, advice }) => state !== "ok" || advice !== null)).toEqual([]);
    expect(checks.find(({ name }) => name === "memory")?.value).toBe("1.5 GB of 4.0 GB (38%)");
  });

  it.each([
    ["Redis does not answer", { redis: { fault: "no answer" } }, ["redis reachable critical"]],
    ["Redis is too old", { redis: { version: "6.0.16" } }, ["redis version critical"]],
    ["Redis 10 is not older than 6.2", { redis: { version: "10.0.0" } }, []],
    ["the version of Redis is unknown", { redis: { version: "unknown" } }, ["redis version unknown"]],
    ["Redis has no append-only file", { redis: { appendOnly: false } }, ["redis persistence warning"]],
    ["one master never syncs", { redis: { appendFsync: "everysec, no" } }, ["redis persistence warning"]],
    ["Redis refuses CONFIG", { redis: { appendFsync: null } }, []],
    ["Redis evicts", { redis: { policy: "allkeys-lru" } }, ["redis eviction critical"]],
    ["Redis uses 80 % of its memory", { redis: { usedBytes: 3.2 * GB } }, ["redis memory warning"]],
    ["Redis uses 95 % of its memory", { redis: { usedBytes: 3.8 * GB } }, ["redis memory critical"]],
    ["Redis has no limit", { redis: { maxBytes: null } }, []],
    [
      "the user of ClickHouse may only read",
      { clickhouse: { settings: [setting("1")] } },
      ["clickhouse readonly critical"],
    ],
    ["ClickHouse does not list its settings", { clickhouse: { settings: [] } }, ["clickhouse readonly unknown"]],
    ["a disk has 15 % left", { clickhouse: { disks: [disk(15)] } }, []],
    ["a disk has 14 % left", { clickhouse: { disks: [disk(14)] } }, ["clickhouse disk default warning"]],
    ["a disk has 4 % left", { clickhouse: { disks: [disk(4)] } }, ["clickhouse disk default critical"]],
    ["a partition has many parts", { clickhouse: { mostParts: 500 } }, ["clickhouse parts warning"]],
    ["the clock of ClickHouse is ahead", { clickhouse: { clockSkewMs: 1500 } }, ["clickhouse clock warning"]],
    ["the bus does not answer", { bus: { fault: "no answer" } }, ["bus reachable critical"]],
    ["a topic is missing", { bus: { topics: [topic(0, 0)] } }, ["bus topic t warning"]],
    ["a topic of two brokers has one replica", { bus: { topics: [topic(3, 1)] } }, ["bus topic t warning"]],
    ["a topic of one broker has one replica", { bus: { topics: [topic(3, 1)], brokers: ["a"] } }, []],
    ["nobody reads the delayed topic", { bus: { group: group(0, 0) } }, ["bus group g warning"]],
    ["Redis lists no reader yet", { bus: streams({ members: 0 }) }, []],
    ["nobody reads a stream with messages", { bus: streams({ members: 0, lag: 3 }) }, ["bus group g warning"]],
    ["the group of a stream is missing", { bus: streams({ members: 0, state: "missing" }) }, ["bus group g warning"]],
    ["no message was refused yet", { bus: { topics: [{ ...topic(0, 0), topic: "stufio.events.delayed.dlq" }] } }, []],
    ["many messages are unread", { bus: { group: group(1, 10_000) } }, ["bus lag warning"]],
    ["the lag is unknown", { bus: { group: group(1, null) } }, ["bus lag unknown"]],
    ["there is no worker", { workers: [] }, ["worker alive critical"]],
    ["the clock of web is behind", { web: { clockSkewMs: -1001 } }, ["web clock warning"]],
    [
      "a worker differs from web",
      { workers: [{ workerId: "w", version: "0.2.0", clockSkewMs: 5000, tzdata: { ...tzdata, version: "2025a" } }] },
      ["worker version of w warning", "worker clock of w warning", "worker time zones of w warning"],
    ],
  ] as [string, Parameters<typeof findings>[0], string[]][])("if %s", (_, over, expected) => {
    expect(findings(over)).toEqual(expected);
  });

  it("says that a virtual clock is virtual, and expects nothing of it", () => {
    const { clickhouse, web, workers } = HEALTHY;
    const checks = diagnose({
      ...HEALTHY,
      clickhouse: { ...clickhouse, clockSkewMs: null },
      web: { ...web, clockSkewMs: null },
      workers: workers.map((worker) => ({ ...worker, clockSkewMs: null })),
    });
    const virtual = { state: "ok", value: "virtual", expected: null, advice: null };
    expect(checks.filter(({ name }) => name.startsWith("clock"))).toEqual([
      { part: "clickhouse", name: "clock", ...virtual },
      { part: "web", name: "clock", ...virtual },
      { part: "worker", name: "clock of w1", ...virtual },
    ]);
  });

  it.each([
    ["does not exist", topic(0, 0), "ok", "exists after the first refused message"],
    ["has one replica", topic(3, 1), "warning", "at least 2 replicas"],
    ["has two replicas", topic(3, 2), "ok", "at least 2 replicas"],
  ])("judges a dead-letter topic that %s", (_, facts, state, expected) => {
    const bus = { ...HEALTHY.bus, topics: [{ ...facts, topic: "t.dlq" }] };
    const check = diagnose({ ...HEALTHY, bus }).find(({ name }) => name === "topic t.dlq");
    expect(check).toMatchObject({ state, expected });
  });

  it("says what to do about each critical finding, and what was expected", () => {
    const checks = diagnose({ ...HEALTHY, redis: { ...HEALTHY.redis, policy: "allkeys-lru" }, workers: [] });
    for (const { state, expected, advice } of checks.filter((check) => check.state !== "ok")) {
      expect([state, expected, advice]).toEqual(["critical", expect.any(String), expect.stringMatching(/\.$/)]);
    }
  });
});

function setting(value: string) {
  return { name: "readonly", value, isChanged: true };
}
function disk(percent: number) {
  return { name: "default", freeBytes: percent * GB, totalBytes: 100 * GB };
}
function topic(partitions: number, replicas: number) {
  return { topic: "t", partitions, replicas };
}
function streams(over: Partial<typeof HEALTHY.bus.group>) {
  return { kind: "redis_streams" as const, group: { ...HEALTHY.bus.group, state: "present", ...over } };
}
function group(members: number, lag: number | null) {
  return { ...HEALTHY.bus.group, members, lag };
}
