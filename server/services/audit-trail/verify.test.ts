import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type ClickHouse, createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { newAuditId } from "~/server/new-audit-id";
import type { Deps } from "~/server/services/ctx";
import { cleanupOnce } from "~/server/services/firing/cleanup-once";
import { recordAudit } from "~/server/services/firing/record-audit";
import { recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { VerifyAuditInput, verifyAudit } from ".";

const DAY_MS = 86_400_000;

let stack: TestStack;
let deps: Deps;
let client: ClickHouse;
beforeAll(async () => {
  stack = await startTestStack();
  deps = stack.deps;
  client = createClickHouse({
    url: stack.env.CLICKHOUSE_URL as string,
    database: stack.env.CLICKHOUSE_DATABASE as string,
  });
}, 120_000);
afterAll(async () => {
  await client?.close();
  await stack?.stop();
});

let madeCount = 0;
function entry(over: { at?: number; id?: string } = {}): string {
  madeCount += 1;
  const at = over.at ?? Date.now();
  const document = {
    id: newAuditId(at),
    at,
    actor: "ana",
    via: "session",
    action: "schedule.edit",
    target: `t${madeCount}`,
  };
  return JSON.stringify({ ...document, ...over });
}

const append = async (json: string, by = deps) => by.hot.append(DOCUMENT_KIND.auditEntry, json);

/** Appends entries and records them, in batches of at most seven. */
async function record(count: number, over: { at?: number } = {}): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await append(entry(over));
    if (n % 7 === 0) await recordAll(deps, 0);
  }
  await recordAll(deps, 0);
}

async function verify(limit = 5000) {
  for (let cursor: string | undefined; ; ) {
    const page = await verifyAudit({ ctx: stack.ctx, input: VerifyAuditInput.parse({ limit, cursor }) });
    if (page.nextCursor === null) return page;
    cursor = page.nextCursor;
  }
}

const Row = z.object({ key: z.string(), json: z.string(), seq: z.int(), hash: z.string() });
const rows = () =>
  client.select(Row, { sql: "SELECT key, json, seq, hash FROM audit WHERE seq > 0 ORDER BY seq, key" });
const change = (sql: string) =>
  client.command({ sql, settings: { mutations_sync: "2", lightweight_deletes_sync: "2", insert_deduplicate: 0 } });

/** Runs the work, and then restores the rows from before. */
async function withRows(work: () => Promise<void>): Promise<void> {
  await change("CREATE TABLE audit_kept AS audit");
  await change("INSERT INTO audit_kept SELECT * FROM audit");
  try {
    await work();
  } finally {
    await change("TRUNCATE TABLE audit");
    await change("INSERT INTO audit SELECT * FROM audit_kept");
    await change("DROP TABLE audit_kept SYNC");
  }
}

describe("the chain of the audit trail", () => {
  test("is found intact, in one page and in many", async () => {
    await record(40);
    // The first entry is the checkpoint with which the chain begins.
    expect(await verify()).toEqual({ intact: true, entries: 41, older: 0, fault: null, nextCursor: null });
    expect(await verify(6)).toEqual(await verify());
    expect(await verify(41)).toEqual(await verify());
    expect((await rows()).map(({ seq }) => seq)).toEqual(Array.from({ length: 41 }, (_, n) => n + 1));
  });

  test("finds removed rows, including the newest and the oldest rows", async () => {
    const last = (await rows()).at(-1)?.seq as number;
    await withRows(async () => {
      await change("DELETE FROM audit WHERE seq IN (7, 8)");
      expect(await verify()).toMatchObject({
        ...{ intact: false, entries: 6, nextCursor: null },
        fault: { kind: "missing", chain: 0, fromSeq: 7, toSeq: 8, message: "Entries 7 to 8 of chain 0 are missing." },
      });
      expect(await verify(3)).toEqual(await verify());
    });
    await withRows(async () => {
      await change(`DELETE FROM audit WHERE seq = ${last}`);
      expect((await verify()).fault).toMatchObject({ kind: "missing", fromSeq: last, toSeq: last });
    });
    await withRows(async () => {
      await change("DELETE FROM audit WHERE seq <= 3");
      expect((await verify()).fault).toMatchObject({ kind: "missing", fromSeq: 1, toSeq: 3 });
    });
    await withRows(async () => {
      await change("TRUNCATE TABLE audit");
      expect((await verify()).fault).toMatchObject({ kind: "missing", fromSeq: 1, toSeq: last });
    });
    expect(await verify()).toMatchObject({ intact: true });
  });

  test("finds the gap of a removed newest row after more entries were recorded", async () => {
    const last = (await rows()).at(-1)?.seq as number;
    await withRows(async () => {
      await change(`DELETE FROM audit WHERE seq = ${last}`);
      await record(2);
      expect((await verify()).fault).toMatchObject({ kind: "missing", fromSeq: last, toSeq: last });
    });
    // The two entries were removed with the changed rows.
    expect((await verify()).fault).toMatchObject({ kind: "missing", fromSeq: last + 1, toSeq: last + 2 });
    await stack.redis.del(`${stack.prefix}{0}:audit`);
    expect(await verify()).toMatchObject({ intact: true });
  });

  test("finds a row whose text was changed, or only a column that the filters read", async () => {
    for (const [sql, seq] of [
      ["json = replaceOne(json, 'ana', 'eve')", 5],
      ["actor = 'eve'", 6],
      ["about = []", 9],
      ["json = 'none'", 12],
    ] as const) {
      await withRows(async () => {
        await change(`ALTER TABLE audit UPDATE ${sql} WHERE seq = ${seq}`);
        expect((await verify()).fault, sql).toMatchObject({ kind: "changed", chain: 0, fromSeq: seq });
      });
    }
  });

  test("finds an inserted row, with or without a sequence number", async () => {
    const id = newAuditId(Date.now());
    const json = entry({ id });
    const insert = (seq: number) =>
      client.insert({
        table: "audit",
        columns: ["key", "json", "version", "deleted", "chain", "seq", "hash"],
        rows: [[id, json, JSON.parse(json).at, false, 0, seq, "f".repeat(64)]],
        token: `inserted ${seq}`,
      });
    await withRows(async () => {
      await insert(4);
      const { fault } = await verify();
      expect(["changed", "inserted"]).toContain(fault?.kind);
      expect(fault?.fromSeq).toBe(4);
    });
    await withRows(async () => {
      await insert(0);
      expect((await verify()).fault).toMatchObject({ kind: "inserted", chain: null });
    });
  });
});

describe("recording", () => {
  test("repeats a batch after a crash before the acknowledgement with the same hashes", async () => {
    for (let n = 0; n < 5; n += 1) await append(entry());
    const batch = await deps.hot.readBatch({ shard: 0, limit: 100 });
    if (batch === null) throw new Error("the outbox is empty");
    const first = await recordAudit(deps, batch);
    const before = await rows();
    expect(await recordAudit(deps, batch)).toEqual(first);
    await recordAll(deps, 0);
    expect(await rows()).toEqual(before);
    expect(await verify()).toMatchObject({ intact: true });
  });

  test("by two workers at once does not fork the chain", async () => {
    const other = await stack.another();
    for (let round = 0; round < 5; round += 1) {
      for (let n = 0; n < 3; n += 1) await append(entry());
      // Both may read the same batch, as after an expired lock.
      await Promise.all([recordAll(deps, 0), recordAll(other, 0)]);
    }
    expect(await verify()).toMatchObject({ intact: true });
  });

  test("continues the same chain after a loss of Redis", async () => {
    const last = (await rows()).at(-1)?.seq as number;
    await stack.redis.del(`${stack.prefix}{0}:audit`);
    await record(1);
    expect((await rows()).at(-1)?.seq).toBe(last + 1);
    expect(await verify()).toMatchObject({ intact: true });
  });

  test("records an entry once if Redis lost its last writes and has the recorded entry again", async () => {
    const json = entry();
    await append(json);
    await recordAll(deps, 0);
    const before = await rows();
    await append(json);
    await append(entry());
    await recordAll(deps, 0);
    const after = await rows();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
    expect(await verify()).toMatchObject({ intact: true });
  });

  test("quarantines an unreadable entry without a place in the chain", async () => {
    const last = (await rows()).at(-1)?.seq as number;
    await append('{"no":"id"}');
    await append("{not json");
    await append(entry());
    await recordAll(deps, 0);
    expect((await rows()).at(-1)?.seq).toBe(last + 1);
    expect((await deps.store.quarantined(10)).items.map((row) => JSON.parse(row.json).key)).toEqual(["a", "a"]);
    expect(await verify()).toMatchObject({ intact: true });
  });
});

describe("retention", () => {
  test("entries deleted by age leave the chain verifiable", async () => {
    const fresh = await startTestStack();
    try {
      const old = Date.now() - 10 * DAY_MS;
      const add = async (n: number, at: number) => {
        for (let i = 0; i < n; i += 1) await append(entry({ at }), fresh.deps);
        await recordAll(fresh.deps, 0);
      };
      // An entry of an older release, without a place in a chain.
      const outside = { key: newAuditId(old), version: old, deleted: false };
      const rowsOfOld = [{ ...outside, json: entry({ at: old, id: outside.key }) }];
      await fresh.deps.store.insertDocuments({ token: "old", kind: DOCUMENT_KIND.auditEntry, rows: rowsOfOld });
      await add(6, old);
      await add(4, Date.now());
      const check = () => verifyAudit({ ctx: fresh.ctx, input: VerifyAuditInput.parse({}) });
      expect(await check()).toMatchObject({ intact: true, entries: 11, older: 1 });
      const clean = async (dryRun = false) => {
        const report = await cleanupOnce(fresh.deps, { dryRun });
        await recordAll(fresh.deps, 0);
        return report.auditEntries;
      };
      expect(await clean(), "kept for ever by default").toBe(0);
      fresh.change({ auditRetentionDays: 3 });
      expect(await clean(), "the first run sets the checkpoint").toBe(0);
      expect(await check()).toMatchObject({ intact: true, entries: 5 });
      expect(await clean(true)).toBe(8);
      expect(await clean()).toBe(8);
      const left = async () => {
        const found = await fresh.deps.store.chainedAudit({ chain: 0, afterSeq: 0, limit: 100 });
        return found.length === 5 ? found.map(({ seq }) => seq) : null;
      };
      const numbers = await eventually(left, { what: "ClickHouse has deleted the entries in the background" });
      expect(numbers).toEqual([8, 9, 10, 11, 12]);
      expect(await check()).toMatchObject({ intact: true, entries: 5 });
      expect(await clean(), "one checkpoint a day").toBe(0);
      expect(await fresh.deps.store.chainedAudit({ chain: 0, afterSeq: 0, limit: 100 })).toHaveLength(5);
    } finally {
      await fresh.stop();
    }
  }, 60_000);
});
