import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LATEST_MS } from "~/server/domain/instant";
import { fitsScope, RIGHTS } from "~/server/domain/rights";
import { writeAudit } from "~/server/services/audit";
import { readAudit } from "~/server/services/audit-trail/read";
import { abortBulk, getBulk, listBulk, startBulk, undoBulk } from "~/server/services/bulk";
import type { BulkJob } from "~/server/services/bulk/jobs";
import { runBulkStep } from "~/server/services/bulk/run-step";
import type { Ctx } from "~/server/services/ctx";
import { decideDeadLetters } from "~/server/services/dead-letters";
import { replayExecution } from "~/server/services/executions";
import type { Principal } from "~/server/services/principal";
import {
  createSchedule,
  createSchedules,
  deleteSchedule,
  executeSchedule,
  getSchedule,
  patchSchedule,
  replaceSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { scopedDeps } from "~/server/services/scoped/scoped-deps";
import { checkPayload } from "~/server/services/topic-schemas";
import { listVersions, restoreSchedule } from "~/server/services/versions";
import { saveView } from "~/server/services/views";
import { type PlantedNamespace, plantNamespace } from "./scope-world";
import { startTestStack, type TestStack } from "./stack";

const SCOPE = ["alpha."];
const DAILY = { entityType: "e", action: "a", payload: { n: 1 }, cronExpression: "0 3 * * *" };

let stack: TestStack;
let ctx: Ctx;
let alpha: PlantedNamespace;
let beta: PlantedNamespace;
beforeAll(async () => {
  stack = await startTestStack();
  alpha = await plantNamespace(stack, "alpha.");
  beta = await plantNamespace(stack, "beta.");
  ctx = scoped("ann");
}, 180_000);
afterAll(() => stack?.stop());

/** A caller with every right that fits a scope, and the scope. */
function scoped(id: string, scope: readonly string[] = SCOPE): Ctx {
  const principal: Principal = {
    ...{ id, email: null, name: id, role: "service", via: "api_key", rights: RIGHTS.filter(fitsScope), scope },
  };
  return { ...stack.ctx, deps: scopedDeps(stack.deps, scope), principal };
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: { code: string; faults: { field: string }[]; details: object; message: string }) => error,
  );

type Change = (ctx: Ctx, planted: PlantedNamespace) => Promise<unknown>;

describe("a change by a caller with a scope", () => {
  const changes: [string, Change][] = [
    [
      "patch",
      (by, { scheduleId }) => patchSchedule({ ctx: by, input: { scheduleId, patch: { tags: ["x"] } } as never }),
    ],
    [
      "replace",
      (by, { scheduleId, topic }) =>
        replaceSchedule({ ctx: by, input: { scheduleId, replace: { ...DAILY, topic } } as never }),
    ],
    ["restore", (by, { scheduleId }) => restoreSchedule({ ctx: by, input: { scheduleId, version: 1 } })],
    ["pause", (by, { scheduleId }) => toggleSchedule({ ctx: by, input: { scheduleId, enabled: false } })],
    ["resume", (by, { scheduleId }) => toggleSchedule({ ctx: by, input: { scheduleId, enabled: true } })],
    ["run", (by, { scheduleId }) => executeSchedule({ ctx: by, input: { scheduleId } })],
    ["replay", (by, { executionId }) => replayExecution({ ctx: by, input: { executionId } })],
    ["delete", (by, { freshId }) => deleteSchedule({ ctx: by, input: { scheduleId: freshId } })],
  ];

  it.each(changes)("%s is made in the scope, and finds nothing outside of it", async (_, change) => {
    expect(await errorOf(change(ctx, beta))).toMatchObject({ code: "not_found" });
    expect(await errorOf(change(ctx, alpha))).toBeNull();
    // The same change of the other namespace is possible, so the scope was the reason.
    expect(await errorOf(change(stack.ctx, beta))).toBeNull();
  });

  it.each<[string, Change]>([
    ["a new schedule", (by, { topic }) => createSchedule({ ctx: by, input: { ...DAILY, topic } as never })],
    [
      "a new schedule under an idempotency key",
      (by, { topic }) => createSchedule({ ctx: by, input: { ...DAILY, topic, idempotencyKey: `k-${topic}` } as never }),
    ],
    [
      "an edited schedule",
      (by, { topic }) => patchSchedule({ ctx: by, input: { scheduleId: alpha.scheduleId, patch: { topic } } as never }),
    ],
    ["the check of a payload", (by, { topic }) => checkPayload({ ctx: by, input: { topic, body: "{}" } })],
  ])("%s cannot have a topic outside of the scope", async (_, change) => {
    const error = await errorOf(change(ctx, beta));
    expect(error).toMatchObject({ code: "forbidden", faults: [{ field: "topic" }] });
    expect(error?.message).toContain("alpha.");
    expect(error?.message).not.toContain("canary");
    expect(await errorOf(change(ctx, alpha))).toBeNull();
  });

  it("of a batch refuses only the items outside of the scope", async () => {
    const items = [alpha, beta].map(({ topic }) => ({ ...DAILY, topic }));
    const { items: made } = await createSchedules({ ctx, input: { items } });
    expect(made.map((item) => ("error" in item ? item.error.code : "created"))).toEqual(["created", "forbidden"]);
  });

  it("that takes a name learns that it is taken, but not by whom outside of the scope", async () => {
    const take = async (planted: PlantedNamespace) => {
      const { name } = await getSchedule({ ctx: stack.ctx, input: { scheduleId: planted.scheduleIds[1] as string } });
      return errorOf(createSchedule({ ctx, input: { ...DAILY, topic: alpha.topic, name } as never }));
    };
    expect(await take(alpha)).toMatchObject({ code: "name_taken", details: { scheduleId: alpha.scheduleIds[1] } });
    expect(await take(beta)).toMatchObject({ code: "name_taken", details: {} });
    expect((await take(beta))?.details).toEqual({});
  });

  it("cannot share a view", async () => {
    const view = { list: "schedules", name: "v", query: "", shared: true } as const;
    expect(await errorOf(saveView({ ctx, input: view }))).toMatchObject({ details: { required: "no scope" } });
  });
});

describe("a schedule that gets another topic", () => {
  const create = async (topic: string) => {
    const { schedule } = await createSchedule({ ctx: stack.ctx, input: { ...DAILY, topic } as never });
    return schedule.scheduleId;
  };
  const move = (scheduleId: string, topic: string) =>
    patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: { topic, payload: { of: topic } } } as never });

  it("is not found any more after it left the scope", async () => {
    const scheduleId = await create(alpha.topic);
    expect(await errorOf(getSchedule({ ctx, input: { scheduleId } }))).toBeNull();
    await move(scheduleId, beta.topic);
    expect(await errorOf(getSchedule({ ctx, input: { scheduleId } }))).toMatchObject({ code: "not_found" });
  });

  it("is shown without the definitions from before it came into the scope", async () => {
    const scheduleId = await create(beta.topic);
    await move(scheduleId, alpha.topic);
    const all = await listVersions({ ctx: stack.ctx, input: { scheduleId } });
    const own = await listVersions({ ctx, input: { scheduleId } });
    expect(all.items).toHaveLength(2);
    expect(own).toMatchObject({ items: [{ version: 2 }], isComplete: false });
  });

  it("does not hide older entries of other schedules", async () => {
    const [own, moved] = [await create(alpha.topic), await create(beta.topic)];
    for (const scheduleId of [own, moved]) {
      await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false } });
      await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: true, missed: "none" } });
    }
    await move(moved, alpha.topic);
    const verbs = ["schedule.pause"];
    const query = { fromMs: 0, toMs: LATEST_MS, targets: [own, moved], verbs, limit: 100 };
    expect((await readAudit(ctx.deps, query)).entries.map(({ target }) => target)).toEqual([own]);
  });
});

it("the trail of a schedule has no entry about a topic outside of the scope", async () => {
  const { scheduleId } = alpha;
  const replay = { action: "execution.replay", target: alpha.executionId, targets: [scheduleId] } as const;
  const topics = [alpha.topic, beta.topic];
  for (const topic of topics) await writeAudit(stack.ctx, { ...replay, topic, note: `of ${topic}` });
  await writeAudit(stack.ctx, { ...replay, after: { topic: beta.topic }, note: `of ${beta.topic}` });
  const query = { fromMs: 0, toMs: LATEST_MS, targets: [scheduleId], limit: 100 };
  const notes = async (by: Ctx) => (await readAudit(by.deps, query)).entries.map(({ note }) => note);
  expect(await notes(stack.ctx)).toEqual(expect.arrayContaining(topics.map((topic) => `of ${topic}`)));
  expect(await notes(ctx)).toContain(`of ${alpha.topic}`);
  expect(await notes(ctx)).not.toContain(`of ${beta.topic}`);
});

it("executions in flight of a caller with a scope are cut at the limit", async () => {
  for (const scheduleId of alpha.scheduleIds.slice(0, 2)) await executeSchedule({ ctx, input: { scheduleId } });
  const list = (limit: number) => ctx.deps.hot.listInFlight({ states: ["waiting"], limit });
  expect(await list(1)).toMatchObject({ rows: [{ state: "waiting" }], isComplete: false });
  expect((await list(1000)).isComplete).toBe(true);
});

describe("a bulk job of a caller with a scope", () => {
  const run = async (started: unknown) => {
    while (await runBulkStep(stack.deps));
    return getBulk({ ctx: stack.ctx, input: { jobId: (started as BulkJob).jobId } });
  };
  const rowOf = (scheduleId: string) => getSchedule({ ctx: stack.ctx, input: { scheduleId } });

  it("changes only schedules of the scope, by id and by filter", async () => {
    const [, own = ""] = alpha.scheduleIds;
    const [, other = ""] = beta.scheduleIds;
    const byId = { action: "retag" as const, ids: [own, other], addTags: ["by-id"], dryRun: false };
    // A worker never gets the id of the other schedule.
    expect(await run(await startBulk({ ctx, input: byId }))).toMatchObject({ total: 1, changed: 1, failed: 0 });
    const filter = { kind: "recurring" as const };
    const byFilter = { action: "retag" as const, filter, addTags: ["by-filter"], dryRun: false };
    expect((await run(await startBulk({ ctx, input: byFilter }))).changed).toBeGreaterThan(0);
    expect((await rowOf(own)).tags).toEqual(expect.arrayContaining(["by-id", "by-filter"]));
    expect((await rowOf(other)).tags).not.toEqual(expect.arrayContaining(["by-id"]));
    expect((await rowOf(other)).tags).not.toEqual(expect.arrayContaining(["by-filter"]));
  });

  it("skips a schedule that left the scope after the job was started", async () => {
    const { schedule } = await createSchedule({ ctx, input: { ...DAILY, topic: alpha.topic } as never });
    const { scheduleId } = schedule;
    const started = await startBulk({ ctx, input: { action: "delete", ids: [scheduleId], dryRun: false } });
    await patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: { topic: beta.topic } } as never });
    expect(await run(started)).toMatchObject({ changed: 0, skipped: 1 });
    expect(await rowOf(scheduleId)).toMatchObject({ topic: beta.topic });
  });

  it("decides only dead letters of the scope", async () => {
    const ids = [alpha.executionIds[2] as string, beta.executionIds[2] as string];
    const started = await decideDeadLetters({ ctx, input: { action: "discard", ids, dryRun: false } });
    expect(await run(started)).toMatchObject({ total: 1, changed: 1, failed: 0 });
  });

  it("is seen and changed only by the caller itself", async () => {
    const input = { action: "retag" as const, ids: [alpha.scheduleId], addTags: ["z"], dryRun: false };
    const { jobId } = (await startBulk({ ctx, input })) as BulkJob;
    const ids = async (by: Ctx) => (await listBulk({ ctx: by })).map((job) => job.jobId);
    expect(await ids(ctx)).toContain(jobId);
    expect(await ids(scoped("bob"))).not.toContain(jobId);
    // Its scope was narrowed since.
    expect(await ids(scoped("ann", ["alpha.x"]))).not.toContain(jobId);
    for (const job of [jobId, beta.jobId]) {
      expect(await errorOf(abortBulk({ ctx: scoped("bob"), input: { jobId: job } }))).toMatchObject({
        code: "not_found",
      });
      expect(await errorOf(undoBulk({ ctx: scoped("bob"), input: { jobId: job } }))).toMatchObject({
        code: "not_found",
      });
    }
    await run({ jobId });
    expect(await errorOf(undoBulk({ ctx, input: { jobId } }))).toBeNull();
  });
});
