import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Claim } from "~/server/ports/hot/claims";
import { createBreakers } from "~/server/services/firing/breakers";
import { runClaims } from "~/server/services/firing/run-claims";
import { createSchedule, deleteSchedule, patchSchedule, toggleSchedule } from "~/server/services/schedules";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { ExplainTimeInput, explainTime } from ".";

/* The tests set the services' clock. Redis keeps the real time, so past occurrences are due. */

let stack: TestStack;
let now = Date.now;
beforeAll(async () => {
  stack = await startTestStack();
  now = stack.deps.clock.now;
}, 120_000);
afterEach(() => {
  stack.deps.clock.now = now;
});
afterAll(async () => stack?.stop());

const SECOND_MS = 1000;
const setClock = (ms: number) => {
  stack.deps.clock.now = () => ms;
};
const ana = () =>
  ({
    ...stack.ctx,
    principal: { id: "u", email: "ana@x.org", name: "Ana", role: "editor", via: "session" },
  }) as const;

async function create(over: object = {}): Promise<string> {
  const input = { topic: "t", entityType: "user", action: "a", payload: {}, cronExpression: "*/5 * * * * *", ...over };
  const recording = keepRecording(stack.deps);
  const { schedule } = await createSchedule({ ctx: ana(), input: input as never });
  await recording.stop();
  return schedule.scheduleId;
}

async function fire(): Promise<void> {
  const limits = { workerId: "w", shard: 0, limit: 1000, leaseMs: 30_000, catchUpLimit: 1000, graceMs: 60_000 };
  const { claims } = await stack.deps.hot.claim(limits);
  const due = claims.filter((one): one is Claim => one.kind === "occurrence");
  const { deps } = stack;
  await runClaims({ deps, breakers: createBreakers(deps), workerId: "w", claims: due, nowMs: Date.now() });
}

async function ask(scheduleId: string, time: string | number) {
  const text = typeof time === "number" ? new Date(time).toISOString() : time;
  const input = ExplainTimeInput.parse({ scheduleId, at: text });
  return (await explainTime({ ctx: stack.ctx, input })).answers;
}

/** Asks before and after all changes are recorded. */
async function askTwice(scheduleId: string, time: string | number) {
  const before = await ask(scheduleId, time);
  await recordAll(stack.deps, 0);
  expect(await ask(scheduleId, time)).toEqual(before);
  return before;
}

/** The time this many seconds before the last multiple of 5 s, and within the grace. */
const ago = (seconds: number) => Math.floor(now() / 5000) * 5000 - seconds * SECOND_MS;

describe("a time at which a schedule", () => {
  test("fired is explained by the ledger's row", async () => {
    const start = ago(20);
    setClock(start);
    const scheduleId = await create();
    setClock(now());
    await fire();
    const [answer, ...others] = await askTwice(scheduleId, start + 5 * SECOND_MS);
    expect(others).toEqual([]);
    expect(answer).toMatchObject({
      kind: "fired",
      version: 1,
      trigger: "schedule",
      at: new Date(start + 5 * SECOND_MS).toISOString(),
    });
  });

  test("was paused is explained by the pause with its note, and later also by the resume", async () => {
    const start = ago(40);
    setClock(start);
    const scheduleId = await create();
    setClock(start + SECOND_MS);
    await toggleSchedule({ ctx: ana(), input: { scheduleId, enabled: false, note: "provider down" } });
    setClock(start + 12 * SECOND_MS);
    expect(await askTwice(scheduleId, start + 5 * SECOND_MS)).toMatchObject([
      { kind: "paused", isPast: true, pause: { actor: "ana@x.org", note: "provider down", until: null } },
    ]);
    await toggleSchedule({ ctx: ana(), input: { scheduleId, enabled: true, missed: "none" } });
    expect(await askTwice(scheduleId, start + 5 * SECOND_MS)).toMatchObject([
      {
        kind: "skipped",
        reason: "paused",
        pause: {
          at: new Date(start + SECOND_MS).toISOString(),
          actor: "ana@x.org",
          note: "provider down",
          resumedAt: new Date(start + 12 * SECOND_MS).toISOString(),
          resumedBy: "ana@x.org",
        },
      },
    ]);
  });

  test("had another cron is explained by the version in force and the edit", async () => {
    const start = ago(40);
    setClock(start);
    const scheduleId = await create({ cronExpression: "2-57/5 * * * * *" });
    setClock(start + 6 * SECOND_MS);
    await patchSchedule({ ctx: ana(), input: { scheduleId, patch: { cronExpression: "*/5 * * * * *" } } });
    const edit = { at: new Date(start + 6 * SECOND_MS).toISOString(), actor: "ana@x.org", version: 2 };
    expect(await askTwice(scheduleId, start + 5 * SECOND_MS)).toMatchObject([
      { kind: "edited", plannedBy: "later", version: 1, edit },
    ]);
    // Due under the old cron, and replaced before a worker claimed it.
    expect(await ask(scheduleId, start + 2 * SECOND_MS)).toMatchObject([
      { kind: "skipped", reason: "superseded_by_edit", version: 1, edit },
    ]);
    expect(await ask(scheduleId, start + 7 * SECOND_MS)).toMatchObject([
      { kind: "edited", plannedBy: "earlier", version: 2, edit },
    ]);
  });

  test("was deleted is explained by the deletion, and an earlier due occurrence by its cancellation", async () => {
    const start = ago(40);
    setClock(start);
    const scheduleId = await create();
    setClock(start + 7 * SECOND_MS);
    await deleteSchedule({ ctx: ana(), input: { scheduleId } });
    setClock(now());
    const deletion = { at: new Date(start + 7 * SECOND_MS).toISOString(), actor: "ana@x.org" };
    expect(await askTwice(scheduleId, start + 10 * SECOND_MS)).toMatchObject([{ kind: "deleted", deletion }]);
    expect(await ask(scheduleId, start + 5 * SECOND_MS)).toMatchObject([{ kind: "cancelled", actor: "ana@x.org" }]);
  });

  test("has no run is explained with the nearest runs", async () => {
    const scheduleId = await create({ cronExpression: "0 8 * * *", timezone: "Europe/Berlin" });
    const day = new Date(now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const [answer] = await askTwice(scheduleId, `${day}T09:00`);
    expect(answer).toMatchObject({ kind: "not_planned", version: 1 });
    expect(answer?.sentence).toMatch(
      /^09:00 on .* is not in the plan\. The planned time before it is 08:00; the next is 08:00 on /,
    );
    expect(await ask(scheduleId, `${day}T08:00`)).toMatchObject([{ kind: "upcoming" }]);
  });

  test("has a run in a daylight saving gap is found by its local time", async () => {
    setClock(Date.parse("2027-03-27T12:00:00Z"));
    const over = { cronExpression: "30 2 * * *", timezone: "Europe/Berlin" };
    const moved = await create(over);
    const skipped = await create({ ...over, dstGap: "skip" });
    expect(await ask(moved, "2027-03-28T02:30")).toMatchObject([
      {
        kind: "upcoming",
        at: "2027-03-28T01:00:00.000Z",
        dst: { kind: "gap_moved", localTime: "2027-03-28T02:30:00" },
      },
    ]);
    expect(await ask(skipped, "2027-03-28T02:30")).toMatchObject([{ kind: "dst_gap", policy: "skip" }]);
  });

  test("waits for a retry is explained with the number of its attempts", async () => {
    const start = ago(10);
    setClock(start);
    const scheduleId = await create({ topic: "refusing" });
    setClock(now());
    // A key of another type takes the place of the topic's stream, so that the bus refuses events.
    await stack.redis.set(`${stack.prefix}bus:refusing`, "x");
    await fire();
    const [answer] = await ask(scheduleId, start + 5 * SECOND_MS);
    expect(answer).toMatchObject({ kind: "retrying", attempts: 1 });
    expect(answer?.sentence).toContain("is retrying: 1 attempt failed");
  });
});

describe("a time", () => {
  test("without seconds covers the whole minute, and with seconds only that second", async () => {
    const minute = Math.floor(now() / 60_000) * 60_000 + 3_600_000;
    const scheduleId = await create({ cronExpression: "*/20 * * * * *" });
    const text = new Date(minute).toISOString();
    expect(await ask(scheduleId, `${text.slice(0, 16)}Z`)).toHaveLength(3);
    expect(await ask(scheduleId, text.slice(0, 16))).toHaveLength(3);
    expect(await ask(scheduleId, text)).toHaveLength(1);
    expect(await ask(scheduleId, `${text.slice(0, 17)}20`)).toMatchObject([
      { kind: "upcoming", at: new Date(minute + 20_000).toISOString() },
    ]);
  });

  test.each([
    ["2026-02-30T08:00", "ISO 8601"],
    ["8:00", "ISO 8601"],
    ["9999-01-01T08:00", "out of range"],
  ])("%s is refused with the reason: %s", (text, reason) => {
    const read = ExplainTimeInput.safeParse({ scheduleId: "0190f3a0-0000-7000-8000-000000000000", at: text });
    expect(read.error?.issues[0]).toMatchObject({ path: ["at"], message: expect.stringContaining(reason) });
  });
});

test("an unknown id is not_found", async () => {
  await expect(ask("0190f3a0-0000-7000-8000-000000000000", now())).rejects.toMatchObject({ code: "not_found" });
});
