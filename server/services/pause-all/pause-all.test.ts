import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { newSchedule } from "~/server/domain/new-schedule";
import type { Principal } from "~/server/services/principal";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { engineReasons } from "../monitoring/engine-reasons";
import { readEngineState } from "../monitoring/engine-state";
import { createSelfTest } from "../monitoring/self-test";
import { readSelfTest } from "../monitoring/self-test-state";
import { applyPauseAll, endPauseAll, getPauseAll, PauseAllInput, pauseAll, readPauseAll, resumeAll } from "./index";

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const pause = (reason = "provider down", until?: number) => pauseAll({ ctx: stack.ctx, input: { reason, until } });
const resume = () => resumeAll({ ctx: stack.ctx, input: {} });
const flags = () => stack.deps.hot.pauses();
/** The last three audit entries of the pause of all firing, oldest first. */
const trail = async () => {
  const newestFirst = (await stack.deps.hot.unflushed({ limit: 1000 })).audit.map((json) => JSON.parse(json));
  return newestFirst
    .filter(({ target }) => target === "firing")
    .slice(0, 3)
    .reverse();
};

describe("a pause of all firing", () => {
  it("is a health warning, and its time does not count as lateness", async () => {
    const { deps } = stack;
    const codes = async () => {
      const engine = await readEngineState(deps);
      return (await engineReasons(deps, engine, 0)).map(({ code }) => code);
    };
    const dueMs = Date.now() - 3_600_000;
    const schedule = newSchedule({
      ...{ scheduleId: "0190f3a0-0000-7000-8000-00000000000a", nowMs: dueMs, topic: "t", entityType: "e", action: "a" },
      ...{ executionTime: dueMs, state: { tier: "redis", nextExecution: dueMs } },
    });
    const plan = [{ nominalMs: dueMs, effectiveMs: dueMs }];
    await deps.hot.put({ schedule, placement: { tier: "redis", plan }, expectedVersion: null });
    expect(await codes()).toContain("firing_late");
    await pause();
    expect(await codes()).toContain("all_paused");
    expect(await codes()).not.toContain("firing_late");
    expect((await readEngineState(deps)).engine?.oldestDueAgeMs).toBe(0);
    await resume();
    expect(await codes()).not.toContain("all_paused");
    expect(await codes()).not.toContain("firing_late");
  });

  it("has an audit entry each for its start, its change and its end, and a second resume does nothing", async () => {
    const first = await pause();
    const until = Date.now() + 3_600_000;
    expect(await pause("still down", until)).toEqual({
      ...{ paused: true, pausedAt: first.pausedAt, pausedBy: "system", reason: "still down" },
      until: new Date(until).toISOString(),
    });
    expect(await flags()).toEqual([{ untilMs: until }]);
    await resume();
    await resume();
    expect(await getPauseAll({ ctx: stack.ctx })).toMatchObject({ paused: false, reason: null });
    expect(await flags()).toEqual([null]);
    expect(await trail()).toMatchObject([
      { action: "system.pause_all", note: "provider down", after: { until: null } },
      { action: "system.pause_all", note: "still down", before: { reason: "provider down" } },
      { action: "system.resume_all", before: { reason: "still down" } },
    ]);
  });

  it.each([
    ["an empty reason", { reason: "  " }],
    ["an end that is not a time", { reason: "x", until: "soon" }],
  ])("is refused with %s", (_, input) => {
    expect(PauseAllInput.safeParse(input).success).toBe(false);
  });

  it("is refused with an end in the past, and for callers without the right system:operate", async () => {
    await expect(pause("x", Date.now() - 1)).rejects.toMatchObject({ code: "validation_failed" });
    const principal: Principal = { id: "o", email: "o@x.org", name: "O", role: "editor", via: "session" };
    const ctx = { ...stack.ctx, principal };
    await expect(pauseAll({ ctx, input: { reason: "x" } })).rejects.toMatchObject({ code: "forbidden" });
    await expect(resumeAll({ ctx, input: {} })).rejects.toMatchObject({ code: "forbidden" });
    expect(await getPauseAll({ ctx })).toMatchObject({ paused: false });
  });

  it("has flags that are set again if Redis lost them, and are removed if the pause has ended", async () => {
    await pause();
    await stack.deps.hot.setPause(null);
    await applyPauseAll(stack.deps);
    expect(await flags()).toEqual([{ untilMs: null }]);
    await resume();
    await stack.deps.hot.setPause({ untilMs: null });
    await applyPauseAll(stack.deps);
    expect(await flags()).toEqual([null]);
  });

  it.each(["{", '{"id":"pauseAll","version":1,"pause":{}}'])(
    "stays in force if its stored document is %s",
    async (json) => {
      await pause();
      const key = "pauseAll";
      await stack.deps.hot.copyDocuments(DOCUMENT_KIND.setting, [
        { key, json, version: Date.now() + 1, deleted: false, index: null },
      ]);
      await applyPauseAll(stack.deps);
      expect(await flags()).toEqual([{ untilMs: null }]);
      await expect(resume()).rejects.toMatchObject({ code: "internal", message: expect.stringContaining("unknown") });
      // The version of the unreadable document is a future time, which the clock may first have to pass.
      const replaced = async () => {
        await pause("again");
        return (await getPauseAll({ ctx: stack.ctx })).reason === "again";
      };
      await eventually(async () => ((await replaced().catch(() => false)) ? true : null), {
        what: "the replaced pause",
      });
      await resume();
      expect(await flags()).toEqual([null]);
    },
  );

  it("that has an end is over at that time, even before a worker stores it", async () => {
    const until = (await stack.deps.hot.now()) + 2000;
    await pause("short", until);
    await endPauseAll(stack.ctx);
    expect((await readPauseAll(stack.deps))?.pause).toMatchObject({ endedAtMs: null });
    await eventually(async () => ((await stack.deps.hot.now()) > until ? true : null), { what: "the end" });
    expect(await getPauseAll({ ctx: stack.ctx })).toMatchObject({ paused: false });
    await endPauseAll(stack.ctx);
    expect((await readPauseAll(stack.deps))?.pause).toMatchObject({ endedAtMs: until, endedBy: "system" });
    expect(await flags()).toEqual([null]);
  });

  it("switches the self-test off, and a test event from before the pause is not reported as a fault", async () => {
    const { deps } = stack;
    stack.change({ selfTestIntervalSeconds: 5 });
    const selfTest = createSelfTest(deps);
    await selfTest.step();
    expect(await readSelfTest(deps)).not.toBeNull();
    await pause();
    await selfTest.step();
    expect(await readSelfTest(deps)).toBeNull();
    await resume();
    // No worker runs, so the event from before the pause is still due.
    await selfTest.step();
    expect(await readSelfTest(deps)).toMatchObject({ accepts: null, fires: null, records: null });
  });
});
