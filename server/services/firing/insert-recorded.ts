import { byHalves, type Offender } from "~/server/domain/by-halves";
import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import { DOCUMENT_KINDS, type DocumentKind } from "~/server/domain/document-kinds";
import type { Execution } from "~/server/domain/execution";
import { isSelfTest } from "~/server/domain/self-test";
import type { OutboxBatch } from "~/server/ports/hot/outbox";
import type { DocumentRow } from "~/server/ports/store/documents";
import { countQuarantined } from "../counters";
import type { Deps } from "../ctx";
import { type Found, quarantineDocument, readQuarantined } from "../quarantine/item";

/*
 * A batch goes into ClickHouse in one insert a table. Where ClickHouse refuses a row for what is in it, each table's
 * rows are inserted by halves until the refused ones are alone. Every piece has a deduplication token of its own, made
 * of the batch's token and its place in the batch: a repeat of the batch is refused at the same rows, makes the same
 * pieces, and adds nothing.
 */

/**
 * Inserts a batch. What cannot be read or is refused goes to the quarantine, with its bytes. Of a refused row what can
 * be kept is kept: text that is not well-formed Unicode is recorded with U+FFFD in its place, so that its outcome is
 * not missing. Throws only what is not about the data.
 */
export async function insertRecorded(deps: Deps, read: OutboxBatch): Promise<void> {
  const { batch, selfTests } = withoutSelfTest(read);
  const { token, schedules, executions, mayRepeat } = batch;
  const found: Found[] = batch.unreadable.map(({ kind, reason, bytes }) =>
    at(batch, { kind: "outbox", key: kind, reason, bytes }),
  );
  try {
    await deps.store.insertBatch({ token, schedules, executions, mayRepeat });
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, token }, "ClickHouse refused a batch: it is inserted in pieces");
    found.push(...(await insertInPieces(deps, batch)));
  }
  for (const kind of DOCUMENT_KINDS) found.push(...(await insertDocuments(deps, batch, kind)));
  if (found.length > 0) await quarantine(deps, batch, found);
  // Last: that the self-test is recorded must mean that its batch is.
  if (selfTests.length > 0) await insertSelfTests(deps, batch.token, selfTests);
}

/** A refused row must not keep others from being recorded: the self-test tells that its own is missing. */
async function insertSelfTests(deps: Deps, token: string, rows: readonly Execution[]): Promise<void> {
  try {
    await deps.store.insertSelfTests({ token, rows });
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.error({ err: error, token }, "ClickHouse refused an event of the self-test");
  }
}

/** The self-test's events, which go into a table of their own, and the batch without them. */
function withoutSelfTest(read: OutboxBatch): { batch: OutboxBatch; selfTests: Execution[] } {
  const selfTests = read.executions.filter((row) => isSelfTest(row.scheduleId));
  const schedules = read.schedules.filter((row) => !isSelfTest(row.scheduleId));
  if (selfTests.length === 0 && schedules.length === read.schedules.length) return { batch: read, selfTests };
  const executions = read.executions.filter((row) => !isSelfTest(row.scheduleId));
  return { batch: { ...read, schedules, executions }, selfTests };
}

async function insertInPieces(deps: Deps, batch: OutboxBatch): Promise<Found[]> {
  const { token, schedules, executions, mayRepeat } = batch;
  const all = { token, schedules: [], executions: [], mayRepeat };
  const refusedSchedules = await insertEach(schedules, (part, piece) =>
    deps.store.insertBatch({ ...all, schedules: part, piece }),
  );
  const refusedExecutions = await insertEach(executions, (part, piece) =>
    deps.store.insertBatch({ ...all, executions: part, piece }),
  );
  return [
    ...refusedSchedules.map(({ item, reason }) =>
      at(batch, { kind: "schedule", key: item.scheduleId, reason, bytes: JSON.stringify(item) }),
    ),
    ...refusedExecutions.map(({ item, reason }) =>
      at(batch, { kind: "execution", key: item.key, reason, bytes: JSON.stringify(item) }),
    ),
  ];
}

/** Rows of one table by halves. A refused one is tried once more as well-formed text. */
async function insertEach<T>(
  rows: readonly T[],
  insert: (part: readonly T[], piece: string) => Promise<void>,
): Promise<{ item: T; reason: string }[]> {
  const offenders = await byHalves(rows, (part, { from, to }) =>
    insert(part, part.length === rows.length ? "" : `/${from}-${to}`),
  );
  const refused: { item: T; reason: string }[] = [];
  for (const { item, index, error } of offenders) {
    const kept = await keepWellFormed(item, (row) => insert([row], `/${index}w`));
    refused.push({ item, reason: kept ? `${KEPT} ${reasonOf(error)}` : reasonOf(error) });
  }
  return refused;
}

const KEPT = "Recorded with U+FFFD for text that is not well-formed Unicode.";

async function keepWellFormed<T>(item: T, insert: (row: T) => Promise<void>): Promise<boolean> {
  const row = wellFormed(item) as T;
  if (JSON.stringify(row) === JSON.stringify(item)) return false;
  try {
    await insert(row);
    return true;
  } catch (error) {
    if (!isDataFault(error)) throw error;
    return false;
  }
}

/** The same with U+FFFD for each half of a surrogate pair that stands alone, in names and values. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/\p{Surrogate}/gu, "\ufffd");
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [wellFormed(name), wellFormed(one)]));
}

async function insertDocuments(deps: Deps, batch: OutboxBatch, kind: DocumentKind): Promise<Found[]> {
  const documents = batch.documents.filter((one) => one.kind === kind);
  if (documents.length === 0) return [];
  const refused: Offender<{ json: string }>[] = await byHalves(documents, (part, { from, to }) => {
    const piece = part.length === documents.length ? "" : `/${from}-${to}`;
    return deps.store.insertDocuments({
      token: `${batch.token}:${kind}${piece}`,
      kind,
      rows: part.map((one) => documentRow(one.json)),
    });
  });
  if (kind === "q") await countSteps(deps, documents);
  return refused.map(({ item, error }) =>
    at(batch, { kind: "document", key: kind, reason: reasonOf(error), bytes: item.json }),
  );
}

/** Documents name themselves: `id`, and `version` or `at`; `deleted` where they end. */
function documentRow(json: string): DocumentRow {
  const document = JSON.parse(json) as { id: string; version?: number; at?: number; deleted?: boolean };
  if (typeof document.id !== "string") throw new TypeError("The document has no id.");
  // A message may carry a time before 1970; versions are unsigned.
  const version = Math.max(0, document.version ?? document.at ?? 0);
  return { key: document.id, json, version, deleted: document.deleted === true };
}

const at = (batch: OutboxBatch, found: Omit<Found, "step" | "shard">): Found => ({
  step: "record",
  shard: batch.shard,
  ...found,
});

/** Straight into ClickHouse, which is there: the batch is acknowledged behind it. */
async function quarantine(deps: Deps, batch: OutboxBatch, found: readonly Found[]): Promise<void> {
  const nowMs = deps.clock.now();
  const rows = found.map((one) => {
    const { id, json } = quarantineDocument(one, nowMs);
    const { kind, key, reason } = one;
    deps.log.error({ id, kind, key, reason, shard: batch.shard }, "put into the quarantine");
    return { key: id, json, version: nowMs, deleted: false };
  });
  await deps.store.insertDocuments({ token: `${batch.token}:quarantine`, kind: "q", rows });
  await countQuarantined(deps, new Map([["record", found.length]]));
}

/** What Lua and the other steps put aside is counted here, where all of it passes. */
async function countSteps(deps: Deps, documents: readonly { json: string }[]): Promise<void> {
  const steps = new Map<string, number>();
  for (const { json } of documents) {
    try {
      const { step } = readQuarantined(json);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    } catch (error) {
      if (!isDataFault(error)) throw error;
    }
  }
  await countQuarantined(deps, steps);
}
