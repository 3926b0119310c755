import { afterAll, beforeAll, expect, test } from "vitest";
import { anExecution } from "~/server/testing/executions";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { ExecutionIds, namesOfExecutions } from ".";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

test("the names of executions are in the order of the ids, and unknown ids have none", async () => {
  const named = anExecution({ scheduleName: "Invoices", outcome: "dead" });
  const unnamed = anExecution({
    ...{ entityType: "cart", action: "remind", entityId: "84203", scheduledFor: 1_800_000_060_000 },
  });
  await stack.deps.store.insertBatch({ token: "1", schedules: [], executions: [named, unnamed] });
  // A newer row of the same execution.
  await stack.deps.store.insertBatch({
    ...{ token: "2", schedules: [] },
    executions: [{ ...named, scheduleName: "Invoices 2", endedAt: named.endedAt + 1 }],
  });
  const unknown = "0190f3a0-0000-7000-8000-000000000000";
  const input = ExecutionIds.parse({ executionIds: [unnamed.executionId, unknown, named.executionId] });
  expect(await namesOfExecutions({ ctx: stack.ctx, input })).toEqual([
    {
      ...{ executionId: unnamed.executionId, scheduleId: unnamed.scheduleId, scheduleName: null },
      ...{ entityType: "cart", action: "remind", entityId: "84203", scheduledFor: "2027-01-15T08:01:00.000Z" },
    },
    {
      ...{ executionId: named.executionId, scheduleId: named.scheduleId, scheduleName: "Invoices 2" },
      ...{ entityType: named.entityType, action: named.action, entityId: null },
      scheduledFor: "2027-01-15T08:00:00.000Z",
    },
  ]);
  expect(await namesOfExecutions({ ctx: stack.ctx, input: { executionIds: [] } })).toEqual([]);
});
