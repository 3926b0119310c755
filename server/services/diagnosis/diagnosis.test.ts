import { afterAll, beforeAll, expect, it } from "vitest";
import { createVirtualClock } from "~/server/adapters/redis/virtual-clock";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { deregisterWorker, storeHeartbeat } from "../monitoring/workers";
import { getDiagnosis } from ".";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(() => stack?.stop());

const stateOf = async (part: string, name: string, deps = stack.deps) => {
  const { checks } = await getDiagnosis({ ctx: { ...stack.ctx, deps } });
  return checks.find((check) => check.part === part && check.name === name);
};

it("reads the facts of real stores", async () => {
  const { checks, version } = await getDiagnosis({ ctx: stack.ctx });
  const names = (part: string) => checks.filter((check) => check.part === part).map(({ name }) => name);
  expect(names("redis")).toEqual(["version", "mode", "persistence", "eviction", "memory"]);
  expect(names("clickhouse")).toEqual(
    expect.arrayContaining(["version", "timezone", "readonly", "settings", "parts", "clock", "disk default"]),
  );
  expect(names("bus")).toEqual(expect.arrayContaining(["kind", "brokers", "topic stufio.events.delayed", "lag"]));
  expect(names("web")).toEqual(["version", "clock", "time zones"]);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  const byName = Object.fromEntries(checks.map((check) => [`${check.part} ${check.name}`, check.state]));
  expect(byName).toMatchObject({
    ...{ "redis version": "ok", "clickhouse readonly": "ok", "clickhouse clock": "ok", "web clock": "ok" },
    // No worker of this stack runs.
    "worker alive": "critical",
  });
});

it("shows the version and the settings of the server", async () => {
  const { redis } = stack;
  const [, policy] = (await redis.config("GET", "maxmemory-policy")) as string[];
  expect(await stateOf("redis", "eviction")).toMatchObject({ value: policy });
  const [, version] = /^redis_version:(\S+)/m.exec(await redis.info("server")) ?? [];
  expect((await stateOf("redis", "version"))?.value).toContain(version);
});

it("reports whether the delayed topic and its group exist", async () => {
  const { bus, env } = stack.deps;
  const topic = `${env.topicPrefix}.delayed`;
  expect(await stateOf("bus", `topic ${topic}`)).toMatchObject({ state: "warning", value: "does not exist" });
  await bus?.publish([{ topic, key: null, value: "{}", headers: {} }]);
  expect(await stateOf("bus", `topic ${topic}`)).toMatchObject({ state: "ok" });
  expect(await stateOf("bus", `group ${env.kafkaGroupId}.schedules.delayed_events`)).toMatchObject({
    state: "warning",
    value: "missing, members: 0",
  });
});

it("does not compare clocks of an installation with a virtual clock", async () => {
  const { redis, prefix } = stack;
  const at = new Date(stack.deps.clock.now()).toISOString();
  await storeHeartbeat(stack.deps, {
    ...{ workerId: "w-1", host: "h", pid: 1, version: "0.1.0", startedAt: at, seenAt: at },
    ...{ clockSkewMs: 0, inFlight: 0, firedTotal: 0, url: "", loops: [] },
  });
  const virtualClock = createVirtualClock({ redis, prefix, shards: 1, refresh: async () => {} });
  const { checks } = await getDiagnosis({ ctx: { ...stack.ctx, deps: { ...stack.deps, virtualClock } } });
  const clocks = checks.filter(({ name }) => name.startsWith("clock"));
  expect(clocks.map(({ part, name, value, state }) => ({ part, name, value, state }))).toEqual([
    { part: "clickhouse", name: "clock", value: "virtual", state: "ok" },
    { part: "web", name: "clock", value: "virtual", state: "ok" },
    { part: "worker", name: "clock of w-1", value: "virtual", state: "ok" },
  ]);
  await deregisterWorker(stack.deps, "w-1");
});

it("reports a part that does not answer, and the others", async () => {
  const store = { ...stack.deps.store, serverInfo: () => Promise.reject(new Error("connection refused")) };
  const { checks } = await getDiagnosis({ ctx: { ...stack.ctx, deps: { ...stack.deps, store } } });
  expect(checks.filter(({ part }) => part === "clickhouse")).toEqual([
    expect.objectContaining({ name: "reachable", state: "critical", value: "connection refused" }),
  ]);
  expect(checks.some(({ part, name }) => part === "redis" && name === "version")).toBe(true);
});
