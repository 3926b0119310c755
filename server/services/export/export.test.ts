import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExportTable } from "~/server/domain/export/lines";
import {
  ExportExecutionsInput,
  exportExecutions,
  ListExecutionsInput,
  listExecutions,
} from "~/server/services/executions";
import {
  createSchedules,
  ExportSchedulesInput,
  exportSchedules,
  ListSchedulesInput,
  listSchedules,
} from "~/server/services/schedules";
import { anExecution } from "~/server/testing/executions";
import { recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { exportRows } from "./export-rows";

/* An export reads a first page of 100 rows, then pages of up to 1,000. */

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const START_MS = Date.now() - 86_400_000;

async function createMany(topic: string, names: readonly string[], recorded: boolean): Promise<void> {
  const items = names.map((name) => ({
    ...{ topic, entityType: "user", action: "remind", payload: { big: "x".repeat(100) }, headers: { h: "1" }, name },
    ...{ cronExpression: "*/5 * * * *", timezone: "Europe/Berlin", tags: ["a b", "=c"] },
  }));
  const answer = await createSchedules({ ctx: stack.ctx, input: { items } });
  expect(answer.items.filter((item) => "error" in item)).toEqual([]);
  if (recorded) await recordAll(stack.deps, 0);
}

async function textOf(parts: AsyncGenerator<string>, onFirst?: () => Promise<void>): Promise<string> {
  let text = "";
  let count = 0;
  for await (const part of parts) {
    text += part;
    count += 1;
    if (count === 1) await onFirst?.();
  }
  expect(count, "several pages").toBeGreaterThan(1);
  return text;
}

const linesOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

describe("an export of schedules", () => {
  test("has each row of the list once, in the list's order, including rows that are recorded during the export", async () => {
    const nameOf = (n: number) => `e ${String(n).padStart(3, "0")}`;
    await createMany(
      "exported",
      Array.from({ length: 230 }, (_, n) => nameOf(n)),
      true,
    );
    const unrecorded = ["e 050 fresh", "e 150 fresh", "e 999 fresh"];
    await createMany("exported", unrecorded, false);
    const input = ExportSchedulesInput.parse({ topic: "exported", sort: "name", zone: "Asia/Kolkata" });
    const text = await textOf(exportSchedules({ ctx: stack.ctx, input }), () => recordAll(stack.deps, 0));
    const rows = linesOf(text);
    expect(rows.map((row) => row.name).toSorted()).toEqual(
      [...Array.from({ length: 230 }, (_, n) => nameOf(n)), ...unrecorded].toSorted(),
    );
    const listed: Record<string, unknown>[] = [];
    for (let cursor: string | undefined; ; ) {
      const list = ListSchedulesInput.parse({ topic: "exported", sort: "name", limit: 90, cursor });
      const page = await listSchedules({ ctx: stack.ctx, input: list });
      listed.push(...(page.items as unknown as Record<string, unknown>[]));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(listed).toHaveLength(233);
    const again = linesOf(await textOf(exportSchedules({ ctx: stack.ctx, input })));
    expect(again.map((row) => row.schedule_id)).toEqual(listed.map((row) => row.scheduleId));
    expect(again[7]).toMatchObject({
      ...{ name: "e 007", tags: ["a b", "=c"], next_execution_utc: listed[7]?.nextExecution, zone: "Asia/Kolkata" },
      ...{ timezone: "Europe/Berlin", cadence: "Every 5 minutes (Europe/Berlin)" },
    });
    expect(again[7].next_execution_local).toMatch(/\+05:30$/);
    expect(again[7]).not.toHaveProperty("payload");
  });

  test("applies the filter of the list, and refuses an unknown zone or format", async () => {
    const input = ExportSchedulesInput.parse({ topic: "exported", q: "fresh", format: "csv" });
    let text = "";
    for await (const part of exportSchedules({ ctx: stack.ctx, input })) text += part;
    const lines = text.trimEnd().split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^schedule_id,name,description,tags,status,/);
    expect(lines[1]).toContain(",a b; =c,");
    expect(ExportSchedulesInput.safeParse({ zone: "Mars/Base" }).success).toBe(false);
    expect(ExportSchedulesInput.safeParse({ format: "xlsx" }).success).toBe(false);
    expect(ExportSchedulesInput.safeParse({ limit: 5 }).success).toBe(false);
  });
});

test.each(["scheduled_for", "lateness"] as const)(
  "an export of executions by %s has the rows of the list",
  async (sort) => {
    const topic = `ledger-${sort}`;
    const executions = Array.from({ length: 260 }, (_, n) =>
      anExecution({ topic, scheduledFor: START_MS + n * 60_000, firedAt: START_MS + n * 60_000 + ((n * 7) % 50) }),
    );
    await stack.deps.store.insertBatch({ token: topic, schedules: [], executions });
    const filter = { topic, from: new Date(START_MS).toISOString(), sort };
    const listed: unknown[] = [];
    for (let cursor: string | undefined; ; ) {
      const input = ListExecutionsInput.parse({ ...filter, limit: 61, cursor });
      const page = await listExecutions({ ctx: stack.ctx, input });
      listed.push(...page.items.map((row) => row.executionId));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    const input = ExportExecutionsInput.parse({ ...filter, zone: "Asia/Kolkata" });
    const rows = linesOf(await textOf(exportExecutions({ ctx: stack.ctx, input })));
    expect(rows).toHaveLength(260);
    expect(rows.map((row) => row.execution_id)).toEqual(listed);
    expect(rows[0]).toMatchObject({ zone: "Asia/Kolkata", status: "succeeded", attempt_count: 1, late: false });
    expect(Date.parse(rows[0].scheduled_for_local)).toBe(Date.parse(rows[0].scheduled_for_utc));
  },
);

test("an export of executions by lateness needs `from`, as the list does", async () => {
  const input = ExportExecutionsInput.parse({ sort: "lateness" });
  await expect(exportExecutions({ ctx: stack.ctx, input }).next()).rejects.toMatchObject({ code: "validation_failed" });
});

describe("the number of rows", () => {
  const TABLE: ExportTable<{ id: string }> = { fields: ["id"], times: new Set() };
  const exported = async (total: number, maxRows: number) => {
    const reads: number[] = [];
    let text = "";
    const parts = exportRows<{ id: string }>({
      ...{ table: TABLE, format: "ndjson", zone: "UTC", maxRows, rowId: ({ id }) => id },
      read: async ({ limit, cursor }) => {
        const from = Number(cursor ?? 0);
        const until = Math.min(total, from + limit);
        reads.push(until - from);
        const items = Array.from({ length: until - from }, (_, n) => ({ id: `${from + n}` }));
        return { items, nextCursor: until < total ? String(until) : null };
      },
    });
    for await (const part of parts) text += part;
    return { lines: linesOf(text), reads };
  };

  test.each([
    [100, 100],
    [250, 250],
    [250, 1000],
    [0, 10],
  ])("%i rows are exported completely with a limit of %i", async (total, maxRows) => {
    expect((await exported(total, maxRows)).lines).toHaveLength(total);
  });

  test.each([
    [101, 100],
    [50, 20],
    [5000, 1500],
  ])("%i rows are truncated at a limit of %i, which the last line says, and reading stops", async (total, maxRows) => {
    const { lines, reads } = await exported(total, maxRows);
    expect(lines).toHaveLength(maxRows + 1);
    expect(lines.at(-1)).toEqual({ truncated: true, rows: maxRows });
    // Reads at most one page, of up to 1,000 rows, beyond the limit.
    expect(reads.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(maxRows + 1000);
  });
});
