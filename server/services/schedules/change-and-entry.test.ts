import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAuditEntry } from "~/server/domain/audit/entry";
import type { Ctx } from "~/server/services/ctx";
import { Deadline } from "~/server/services/deadline";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { createSchedule } from "./create";
import { createSchedules } from "./create-many";
import { executeSchedule } from "./execute";

let stack: TestStack;
/** A context in which Redis refuses an audit entry that is not stored in one call with its change. */
let ctx: Ctx;

beforeAll(async () => {
  stack = await startTestStack();
  const refuse = () => Promise.reject(new Error("A document was appended in a call of its own."));
  ctx = { ...stack.ctx, deps: { ...stack.deps, hot: { ...stack.deps.hot, append: refuse } } };
}, 120_000);
afterAll(async () => stack?.stop());

const HOUR_MS = 3_600_000;
const definition = (afterMs = HOUR_MS) => ({
  ...{ topic: "orders", entityType: "order", action: "check" },
  executionTime: new Date(Date.now() + afterMs).toISOString(),
});
/** The entries about the schedule, oldest first. */
async function entriesAbout(scheduleId: string) {
  const { audit } = await stack.deps.hot.unflushed({ limit: 5000 });
  const entries = audit.map(readAuditEntry).filter(({ target, targets }) => [target, ...targets].includes(scheduleId));
  return entries.sort((a, b) => (a.entryId < b.entryId ? -1 : 1));
}

describe("one Redis call stores the change and the audit entry of", () => {
  it("a create and a manual run", async () => {
    const { schedule } = await createSchedule({ ctx, input: definition() });
    const { executionId } = await executeSchedule({ ctx, input: { scheduleId: schedule.scheduleId } });
    expect(await entriesAbout(schedule.scheduleId)).toMatchObject([
      { verb: "schedule.create", target: schedule.scheduleId, after: { version: 1 } },
      { verb: "schedule.execute", after: { executionId } },
    ]);
  });

  it("a batch, with one entry for each 500 items", async () => {
    // A Redis call stores at most 500 items. The last item is invalid.
    const items = [...Array.from({ length: 501 }, () => definition()), { topic: "" }];
    const answer = await createSchedules({ ctx, input: { items } });
    const ids = answer.items.flatMap((item) => ("scheduleId" in item ? [item.scheduleId] : []));
    expect(ids).toHaveLength(501);
    const [first] = await entriesAbout(ids[0] as string);
    const [last] = await entriesAbout(ids[500] as string);
    expect([first?.verb, first?.targets, first?.after]).toEqual([
      "schedule.create",
      ids.slice(0, 500),
      { created: 500 },
    ]);
    expect([last?.verb, last?.targets, last?.after]).toEqual(["schedule.create", ids.slice(500), { created: 1 }]);
    expect(first?.target).toBe(last?.target);
  });

  it("a batch, without a second entry if the batch is repeated under its key", async () => {
    const input = { items: [definition(), definition()], idempotencyKey: "once" };
    const { items } = await createSchedules({ ctx, input });
    expect(await createSchedules({ ctx, input })).toEqual({ items });
    const [item] = items as { scheduleId: string }[];
    expect(await entriesAbout(item?.scheduleId as string)).toHaveLength(1);
  });

  it("the undo of a create that ClickHouse did not confirm", async () => {
    // No recorder runs, so a long-term schedule is never confirmed.
    const waiting = { ...ctx, deadline: new Deadline({ preferredMs: 1000 }) };
    const creating = createSchedule({ ctx: waiting, input: definition(90 * 24 * HOUR_MS) });
    await expect(creating).rejects.toMatchObject({ code: "clickhouse_unavailable" });
    const { audit } = await stack.deps.hot.unflushed({ limit: 5000 });
    const undone = audit.map(readAuditEntry).find(({ verb }) => verb === "schedule.delete");
    expect(undone?.note).toContain("undone");
    expect(await entriesAbout(undone?.target as string)).toMatchObject([
      { verb: "schedule.create" },
      { verb: "schedule.delete" },
    ]);
  });
});
