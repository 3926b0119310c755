import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Right } from "~/server/domain/rights";
import type { Ctx } from "~/server/services/ctx";
import { markFilled } from "~/server/testing/mark-filled";
import { keepRecording } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { ListAuditInput, listAudit } from "../audit-trail";
import {
  createSchedule,
  deleteSchedule,
  getSchedule,
  ListSchedulesInput,
  listSchedules,
  patchSchedule,
  toggleSchedule,
} from "../schedules";
import { type ApplyDocumentInput, applyDocument, type DocumentInput, diffDocument, exportDocument } from ".";

let stack: TestStack;
let ctx: Ctx;
let recording: ReturnType<typeof keepRecording>;
beforeAll(async () => {
  stack = await startTestStack();
  ctx = stack.ctx;
  await markFilled(stack.deps.hot);
  // Long-term schedules are acknowledged by ClickHouse.
  recording = keepRecording(stack.deps);
}, 120_000);
afterAll(async () => {
  await recording?.stop();
  await stack?.stop();
});

let count = 0;
/** An owner of its own for each test. */
const newOwner = () => `owner-${++count}`;
const entry = (name: string, over: object = {}) => ({
  ...{ name, topic: "billing.events", entityType: "invoice", action: "send" },
  ...{ cronExpression: "0 9 * * *", timezone: "Europe/Berlin", payload: { n: 1 } },
  ...over,
});
const SOURCE = { repository: "github.com/acme/billing", file: "schedules.yaml", commit: "4f2c1d9" };
const apply = (input: ApplyDocumentInput) => applyDocument({ ctx, input });
const diff = (input: DocumentInput) => diffDocument({ ctx, input });
const names = (items: readonly { name: string | null }[]) => items.map(({ name }) => name);
const counts = ({ adds, changes, removals, unchanged }: Awaited<ReturnType<typeof diff>>) => [
  adds.length,
  changes.length,
  removals.length,
  unchanged,
];
async function named(name: string) {
  const [scheduleId] = await stack.deps.hot.nameHolders([name]);
  return scheduleId ? getSchedule({ ctx, input: { scheduleId } }) : undefined;
}
async function get(name: string) {
  const found = await named(name);
  if (found === undefined) throw new Error(`There is no schedule "${name}".`);
  return found;
}
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: { code: string; message: string; faults: { field: string; message: string }[] }) => error,
  );

describe("a document", () => {
  it("names itself in the audit entry of its new schedules", async () => {
    const owner = newOwner();
    const from = Date.now() - 60_000;
    await apply({ owner, schedules: [entry(`${owner} a`), entry(`${owner} b`)] });
    const { scheduleId } = await get(`${owner} a`);
    const input = ListAuditInput.parse({ from: new Date(from).toISOString(), target: scheduleId });
    const { items } = await listAudit({ ctx, input });
    expect(items).toMatchObject([{ verb: "schedule.create", targetName: `Document ${owner}`, targetCount: 2 }]);
    expect(items[0]?.note).toBe(`Applied document ${owner}`);
  });

  it("is applied once: a second apply changes nothing, and a changed document is compared and applied", async () => {
    const owner = newOwner();
    const document = {
      ...{ owner, source: SOURCE },
      schedules: [entry(`${owner} a`), entry(`${owner} b`, { cronExpression: "0 */8 * * *" })],
    };
    const first = await diff(document);
    expect(counts(first)).toEqual([2, 0, 0, 0]);
    expect(first.adds[0]).toMatchObject({ runsBefore: 0, runsAfter: 7, nextBefore: null, scheduleId: null });
    expect(await named(`${owner} a`)).toBeUndefined();

    expect(counts(await apply(document))).toEqual([2, 0, 0, 0]);
    const created = await get(`${owner} a`);
    expect(created).toMatchObject({ source: "code", status: "active", payload: '{"n":1}' });
    expect(created.managedBy).toEqual({ owner, isEdited: false, ...SOURCE });
    expect(counts(await apply(document))).toEqual([0, 0, 0, 2]);
    // A new commit alone is no change.
    expect(counts(await apply({ ...document, source: { ...SOURCE, commit: "5" } }))).toEqual([0, 0, 0, 2]);
    const moved = await diff({ ...document, source: { ...SOURCE, file: "jobs.yaml" } });
    const source = (file: string) => `${file} in ${SOURCE.repository}`;
    const move = { field: "source", before: source("schedules.yaml"), after: source("jobs.yaml") };
    expect(moved.changes.map(({ fields }) => fields)).toEqual([[move], [move]]);
    expect((await get(`${owner} a`)).version).toBe(created.version);

    const changed = { ...document, schedules: [document.schedules[0], entry(`${owner} b`)] };
    const [change] = (await diff(changed)).changes;
    expect(change).toMatchObject({
      name: `${owner} b`,
      fields: [{ field: "cron_expression", before: "0 */8 * * *", after: "0 9 * * *" }],
      difference: expect.stringMatching(/^14 runs fewer in the next 7 days; next run moves from 2\S+ to 2\S+$/),
    });
    expect(counts(await apply(changed))).toEqual([0, 1, 0, 1]);
    expect((await get(`${owner} b`)).cronExpression).toBe("0 9 * * *");
  });

  it("changes nothing if one entry is invalid, and its error names every invalid entry", async () => {
    const owner = newOwner();
    const error = await errorOf(
      apply({
        owner,
        schedules: [
          entry(`${owner} good`),
          entry(`${owner} cron`, { cronExpression: "61 * * * *" }),
          entry(`${owner} zone`, { timezone: "Europe/Atlantis" }),
          { ...entry("x"), name: undefined },
          entry(`${owner} good`),
          entry(`${owner} unknown`, { cron: "* * * * *" }),
        ],
      }),
    );
    expect(error).toMatchObject({ code: "validation_failed", message: expect.stringContaining("5 of 6 schedules") });
    expect(error?.faults.map(({ field }) => field).sort()).toEqual([
      "schedules.1.cron_expression",
      "schedules.2.timezone",
      "schedules.3.name",
      "schedules.4.name",
      "schedules.5.cron",
    ]);
    expect(await named(`${owner} good`)).toBeUndefined();
  });

  it("removes schedules only with prune, and an empty document only when confirmed", async () => {
    const owner = newOwner();
    const both = [entry(`${owner} a`), entry(`${owner} b`)];
    await apply({ owner, schedules: both });
    const one = { owner, schedules: both.slice(0, 1) };
    expect(names((await apply(one)).removals)).toEqual([`${owner} b`]);
    expect(await named(`${owner} b`)).toBeDefined();
    expect(await apply({ ...one, prune: true })).toMatchObject({ pruned: true });
    expect(await named(`${owner} b`)).toBeUndefined();

    const none = { owner, schedules: [] };
    expect((await apply(none)).pruned).toBe(false);
    expect(await errorOf(apply({ ...none, prune: true }))).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("allow_empty"),
    });
    expect(await named(`${owner} a`)).toBeDefined();
    await apply({ ...none, prune: true, allowEmpty: true });
    expect(await named(`${owner} a`)).toBeUndefined();
    // The names are free again.
    expect(counts(await apply({ owner, schedules: both }))).toEqual([2, 0, 0, 0]);
  });

  it("is completed by a repeat if a part of it was written before", async () => {
    const owner = newOwner();
    await apply({ owner, schedules: [entry(`${owner} a`)] });
    expect(counts(await apply({ owner, schedules: [entry(`${owner} a`), entry(`${owner} b`)] }))).toEqual([1, 0, 0, 1]);
  });

  it("does not change a one-time schedule in flight", async () => {
    const owner = newOwner();
    const name = `${owner} once`;
    const executionTime = new Date(Date.now() + 1500).toISOString();
    const document = (n: number) => ({
      owner,
      schedules: [entry(name, { cronExpression: undefined, executionTime, payload: { n } })],
    });
    await apply(document(1));
    const limits = { limit: 1, leaseMs: 30_000, catchUpLimit: 0, graceMs: 60_000 };
    await eventually(
      async () => {
        const { claims } = await stack.deps.hot.claim({ workerId: "w", shard: 0, ...limits });
        return claims.find((claim) => claim.kind === "occurrence" && claim.schedule.name === name) ?? null;
      },
      { what: "the schedule is claimed" },
    );
    expect(await errorOf(apply(document(2)))).toMatchObject({
      code: "conflict",
      message: `"${name}" is in flight and cannot be changed until its run has ended. Other changes may have been made; apply the document again.`,
    });
  });

  it("does not touch schedules of others: their names are refused, or adopted", async () => {
    const owner = newOwner();
    const name = `${owner} by hand`;
    await createSchedule({ ctx, input: entry(name, { payload: { n: 2 } }) });
    await apply({ owner: `${owner}-other`, schedules: [entry(`${owner} other`)] });
    const document = { owner, schedules: [entry(name)] };
    expect(await errorOf(apply(document))).toMatchObject({
      code: "name_taken",
      faults: [{ field: "schedules.0.name" }],
    });
    expect(await errorOf(apply({ owner, schedules: [entry(`${owner} other`)], adopt: true }))).toMatchObject({
      code: "name_taken",
      message: expect.stringContaining(`"${owner}-other"`),
    });
    const { changes } = await apply({ ...document, adopt: true });
    expect(changes).toMatchObject([{ adopted: true, fields: [{ field: "payload", before: null, after: null }] }]);
    expect((await get(name)).managedBy?.owner).toBe(owner);
    expect(counts(await diff(document))).toEqual([0, 0, 0, 1]);
  });

  it("keeps a pause, unless the entry has `enabled`", async () => {
    const owner = newOwner();
    const name = `${owner} paused`;
    await apply({ owner, schedules: [entry(name)] });
    await toggleSchedule({ ctx, input: { scheduleId: (await get(name)).scheduleId, enabled: false, note: "down" } });
    expect(counts(await diff({ owner, schedules: [entry(name)] }))).toEqual([0, 0, 0, 1]);
    await apply({ owner, schedules: [entry(name, { description: "changed" })] });
    expect(await get(name)).toMatchObject({ status: "paused", pauseNote: "down", description: "changed" });
    const { changes } = await apply({ owner, schedules: [entry(name, { enabled: true, description: "changed" })] });
    expect(changes).toMatchObject([{ fields: [{ field: "enabled", before: false, after: true }] }]);
    expect(await get(name)).toMatchObject({ status: "active" });
  });

  it("needs a right for each kind of change, and for the difference only `schedules:read`", async () => {
    const owner = newOwner();
    const by = (...rights: Right[]): Ctx => ({
      ...ctx,
      principal: { id: "k", email: null, name: "k", role: "service", via: "api_key", rights },
    });
    const input = { owner, schedules: [entry(`${owner} a`)] };
    expect(await errorOf(diffDocument({ ctx: by("schedules:read"), input }))).toBeNull();
    const edit = by("schedules:read", "schedules:edit");
    expect(await errorOf(applyDocument({ ctx: edit, input }))).toMatchObject({ code: "forbidden" });
    expect(await named(`${owner} a`)).toBeUndefined();
    await apply(input);
    const changed = { owner, schedules: [entry(`${owner} a`, { priority: 2 })] };
    expect(await errorOf(applyDocument({ ctx: edit, input: changed }))).toBeNull();
    const empty = { owner, schedules: [], prune: true, allowEmpty: true };
    expect(await errorOf(applyDocument({ ctx: edit, input: empty }))).toMatchObject({ code: "forbidden" });
  });
});

describe("an edit outside of the document", () => {
  const edit = async (name: string) => {
    const { scheduleId } = await get(name);
    return patchSchedule({ ctx, input: { scheduleId, patch: { description: "by hand" } } });
  };
  const remove = async (name: string) => deleteSchedule({ ctx, input: { scheduleId: (await get(name)).scheduleId } });

  it("is refused by default", async () => {
    const owner = newOwner();
    const name = `${owner} a`;
    await apply({ owner, source: SOURCE, schedules: [entry(name)] });
    expect(await errorOf(edit(name))).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("schedules.yaml in github.com/acme/billing at 4f2c1d9"),
    });
    expect(await errorOf(remove(name))).toMatchObject({ code: "conflict" });
    expect((await get(name)).version).toBe(1);
  });

  it("marks the schedule if the setting allows it, is found by the difference, and is taken back by apply", async () => {
    stack.change({ refuseCodeEdits: false });
    try {
      const owner = newOwner();
      const name = `${owner} a`;
      const document = { owner, source: SOURCE, schedules: [entry(name), entry(`${owner} b`)] };
      await apply(document);
      expect((await edit(name)).managedBy).toMatchObject({ owner, isEdited: true, commit: "4f2c1d9" });
      await remove(`${owner} b`);
      const found = await diff(document);
      expect(names(found.adds)).toEqual([`${owner} b`]);
      expect(found.changes).toMatchObject([
        { name, edited: true, fields: [{ field: "description", before: "by hand", after: "" }] },
      ]);
      await apply(document);
      expect(await get(name)).toMatchObject({ description: "", managedBy: { isEdited: false } });
      expect(counts(await diff(document))).toEqual([0, 0, 0, 2]);
    } finally {
      stack.change({ refuseCodeEdits: true });
    }
  });
});

describe("the filter by owner", () => {
  it("finds the schedules of the document, recorded or not, and combines with other filters", async () => {
    const owner = newOwner();
    await apply({ owner, schedules: [entry(`${owner} a`), entry(`${owner} b`, { topic: "crm.events" })] });
    await apply({ owner: `${owner}-2`, schedules: [entry(`${owner} c`)] });
    const found = async (filter: object) => {
      const input = ListSchedulesInput.parse({ owner, sort: "name", ...filter });
      return names((await listSchedules({ ctx, input })).items);
    };
    expect(await found({})).toEqual([`${owner} a`, `${owner} b`]);
    expect(await found({ topic: "crm.events" })).toEqual([`${owner} b`]);
    expect(await found({ source: "admin" })).toEqual([]);
  });
});

describe("the export", () => {
  it("is what apply reads: applying it changes nothing", async () => {
    const owner = newOwner();
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const schedules = [
      entry(`${owner} plain`, { payload: undefined }),
      entry(`${owner} all`, {
        ...{ description: "a\nb", tags: ["x", "y"], entityId: "7", actorType: "user", actorId: "u" },
        ...{ headers: { "x-b": "2", "x-a": "1" }, correlationId: "c", maxRetries: 0, retryDelaySeconds: 5 },
        ...{ maxDelaySeconds: 60, priority: 9, maxRuns: 3, jitterSeconds: 30, dstGap: "skip", dstOverlap: "both" },
        ...{ catchUp: { policy: "none" }, startAt: inAnHour, endAt: "2099-01-01T00:00:00Z", enabled: false },
      }),
      entry(`${owner} once`, { cronExpression: undefined, timezone: undefined, executionTime: inAnHour }),
      entry(`${owner} exact`, { payload: undefined, body: '{"id": 9007199254740993, "b": 1.0, "a": [1e400]}' }),
    ];
    await apply({ owner, schedules });
    const { version, schedules: exported, skipped } = await exportDocument({ ctx, input: { owner } });
    expect(version).toBe(1);
    expect(skipped).toEqual([]);
    expect(exported.map(({ name }) => name)).toEqual(["all", "exact", "once", "plain"].map((one) => `${owner} ${one}`));
    expect(exported[3]).toEqual({
      ...{ name: `${owner} plain`, topic: "billing.events", entityType: "invoice", action: "send" },
      ...{ cronExpression: "0 9 * * *", timezone: "Europe/Berlin" },
    });
    expect(exported[1]).toMatchObject({ body: '{"id": 9007199254740993, "b": 1.0, "a": [1e400]}' });
    const again = await apply({ owner, schedules: JSON.parse(JSON.stringify(exported)) });
    expect(counts(again)).toEqual([0, 0, 0, 4]);
  });

  it("can adopt the schedules of no document, and names those that it must leave out", async () => {
    const owner = newOwner();
    const name = `${owner} unowned`;
    await createSchedule({ ctx, input: entry(name) });
    const { schedule } = await createSchedule({ ctx, input: { ...entry(name), name: null } });
    const { schedules, skipped } = await exportDocument({ ctx, input: { owner, unowned: true } });
    expect(schedules.map((one) => one.name)).toContain(name);
    expect(skipped).toContainEqual({ scheduleId: schedule.scheduleId, reason: "It has no name." });
    const own = schedules.filter((one) => one.name === name);
    expect((await apply({ owner, schedules: own, adopt: true })).changes).toMatchObject([
      { adopted: true, fields: [] },
    ]);
  });
});

it("applies 1,000 schedules within 10 s, and a second apply changes nothing", async () => {
  const owner = newOwner();
  const crons = ["*/5 * * * *", "0 9 * * 1-5", "30 2 * * *", "0 0 1 1 *"];
  const schedules = Array.from({ length: 1000 }, (_, i) =>
    entry(`${owner} ${String(i).padStart(4, "0")}`, { cronExpression: crons[i % crons.length], payload: { i } }),
  );
  const document = { owner, source: SOURCE, schedules };
  const timed = async (work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await work();
    return Math.round(performance.now() - startedAt);
  };
  const createMs = await timed(async () => expect(counts(await apply(document))).toEqual([1000, 0, 0, 0]));
  const repeatMs = await timed(async () => expect(counts(await apply(document))).toEqual([0, 0, 0, 1000]));
  const changed = { ...document, schedules: schedules.map((one) => ({ ...one, priority: 3 })) };
  const changeMs = await timed(async () => expect(counts(await apply(changed))).toEqual([0, 1000, 0, 0]));
  console.log(
    `apply of 1,000 schedules: ${createMs} ms, again without a change ${repeatMs} ms, all changed ${changeMs} ms`,
  );
  expect(createMs).toBeLessThan(10_000);
  expect(repeatMs).toBeLessThan(10_000);
  const { total } = await listSchedules({ ctx, input: ListSchedulesInput.parse({ q: owner, limit: 1 }) });
  expect(total).toBe(1000);
  expect((await get(`${owner} 0007`)).managedBy?.owner).toBe(owner);
}, 120_000);
