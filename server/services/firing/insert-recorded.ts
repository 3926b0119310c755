import type { ChainLink } from "~/server/domain/audit/chain";
import { byHalves, type Offender } from "~/server/domain/by-halves";
import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import { DOCUMENT_KIND, DOCUMENT_KINDS, type DocumentKind } from "~/server/domain/document-kinds";
import type { Execution } from "~/server/domain/execution";
import { isSelfTest } from "~/server/domain/self-test";
import type { OutboxBatch } from "~/server/ports/hot/outbox";
import { countQuarantined } from "../counters";
import type { Deps } from "../ctx";
import { type NewQuarantined, quarantineDocument, readQuarantined } from "../quarantine/item";
import { documentRow } from "./document-row";
import { recordAudit } from "./record-audit";

/*
 * A batch takes one insert per table. If ClickHouse refuses a row for its content, the table's rows are inserted in
 * halves until the refused rows are isolated. The deduplication token of a piece contains its position, so a repeated
 * batch produces the same pieces and adds nothing. Audit entries are inserted one by one instead (`recordAudit`).
 */

/**
 * Inserts a batch. Unreadable and refused rows go to the quarantine with their bytes. For a refused schedule or
 * execution with malformed Unicode, also tries to record a copy with U+FFFD, so that its outcome is not missing. Throws
 * only errors that are not about the data.
 * @returns the newest link of the shard's audit chain, if the batch has audit entries
 */
export async function insertRecorded(deps: Deps, outboxBatch: OutboxBatch): Promise<{ auditHead: ChainLink | null }> {
  const { batch, selfTests } = withoutSelfTest(outboxBatch);
  const { insertToken: token, schedules, executions, mayRepeat } = batch;
  const found: NewQuarantined[] = batch.unreadable.map(({ kind, reason, bytes }) =>
    foundIn(batch, { kind: "outbox", key: kind, reason, bytes }),
  );
  try {
    await deps.store.insertBatch({ token, schedules, executions, mayRepeat });
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, token }, "ClickHouse refused a batch, inserting in pieces");
    found.push(...(await insertInPieces(deps, batch)));
  }
  for (const kind of DOCUMENT_KINDS) {
    if (kind !== DOCUMENT_KIND.auditEntry) found.push(...(await insertDocuments(deps, batch, kind)));
  }
  const audit = await recordAudit(deps, batch);
  for (const { json, reason } of audit.refused) {
    found.push(foundIn(batch, { kind: "document", key: DOCUMENT_KIND.auditEntry, reason, bytes: json }));
  }
  if (found.length > 0) await quarantine(deps, batch, found);
  // Insert self-tests last: a recorded self-test must imply that its whole batch is recorded.
  if (selfTests.length > 0) await insertSelfTests(deps, batch.insertToken, selfTests);
  return { auditHead: audit.head };
}

/** A refused row is only logged, because the self-test reports a missing row. */
async function insertSelfTests(deps: Deps, token: string, rows: readonly Execution[]): Promise<void> {
  try {
    await deps.store.insertSelfTests({ token, rows });
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.error({ err: error, token }, "ClickHouse refused a self-test event");
  }
}

/** Splits off the executions of the self-test, which have their own table, and drops its schedule. */
function withoutSelfTest(batch: OutboxBatch): { batch: OutboxBatch; selfTests: Execution[] } {
  const selfTests = batch.executions.filter((row) => isSelfTest(row.scheduleId));
  const schedules = batch.schedules.filter((row) => !isSelfTest(row.scheduleId));
  if (selfTests.length === 0 && schedules.length === batch.schedules.length) return { batch, selfTests };
  const executions = batch.executions.filter((row) => !isSelfTest(row.scheduleId));
  return { batch: { ...batch, schedules, executions }, selfTests };
}

async function insertInPieces(deps: Deps, batch: OutboxBatch): Promise<NewQuarantined[]> {
  const { insertToken: token, schedules, executions, mayRepeat } = batch;
  const empty = { token, schedules: [], executions: [], mayRepeat };
  const refusedSchedules = await insertEach(schedules, (part, piece) =>
    deps.store.insertBatch({ ...empty, schedules: part, piece }),
  );
  const refusedExecutions = await insertEach(executions, (part, piece) =>
    deps.store.insertBatch({ ...empty, executions: part, piece }),
  );
  return [
    ...refusedSchedules.map(({ item, reason }) =>
      foundIn(batch, { kind: "schedule", key: item.scheduleId, reason, bytes: JSON.stringify(item) }),
    ),
    ...refusedExecutions.map(({ item, reason }) =>
      foundIn(batch, { kind: "execution", key: item.key, reason, bytes: JSON.stringify(item) }),
    ),
  ];
}

/** Inserts one table's rows in halves, and retries each refused row as well-formed Unicode. */
async function insertEach<T>(
  rows: readonly T[],
  insert: (part: readonly T[], piece: string) => Promise<void>,
): Promise<{ item: T; reason: string }[]> {
  const offenders = await byHalves(rows, (part, { from, to }) =>
    insert(part, part.length === rows.length ? "" : `/${from}-${to}`),
  );
  const refused: { item: T; reason: string }[] = [];
  for (const { item, index, error } of offenders) {
    const isRecorded = await recordWellFormed(item, (row) => insert([row], `/${index}w`));
    refused.push({ item, reason: isRecorded ? `${RECORDED_WELL_FORMED} ${reasonOf(error)}` : reasonOf(error) });
  }
  return refused;
}

const RECORDED_WELL_FORMED = "Recorded with U+FFFD for text that is not well-formed Unicode.";

async function recordWellFormed<T>(item: T, insert: (row: T) => Promise<void>): Promise<boolean> {
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

/** Replaces each unpaired surrogate, in names and values, with U+FFFD. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/\p{Surrogate}/gu, "\ufffd");
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [wellFormed(name), wellFormed(one)]));
}

async function insertDocuments(deps: Deps, batch: OutboxBatch, kind: DocumentKind): Promise<NewQuarantined[]> {
  const documents = batch.documents.filter((one) => one.kind === kind);
  if (documents.length === 0) return [];
  const refused: Offender<{ json: string }>[] = await byHalves(documents, (part, { from, to }) => {
    const piece = part.length === documents.length ? "" : `/${from}-${to}`;
    return deps.store.insertDocuments({
      token: `${batch.insertToken}:${kind}${piece}`,
      kind,
      rows: part.map((one) => documentRow(one.json)),
    });
  });
  if (kind === DOCUMENT_KIND.quarantineItem) await countSteps(deps, documents);
  return refused.map(({ item, error }) =>
    foundIn(batch, { kind: "document", key: kind, reason: reasonOf(error), bytes: item.json }),
  );
}

const foundIn = (batch: OutboxBatch, found: Omit<NewQuarantined, "step" | "shard">): NewQuarantined => ({
  step: "record",
  shard: batch.shard,
  ...found,
});

/** Writes to ClickHouse, not to the outbox, because the items must be stored before the batch is acknowledged. */
async function quarantine(deps: Deps, batch: OutboxBatch, found: readonly NewQuarantined[]): Promise<void> {
  const nowMs = deps.clock.now();
  const rows = found.map((one) => {
    const { id, json } = quarantineDocument(one, nowMs);
    const { kind, key, reason } = one;
    deps.log.error({ id, kind, key, reason, shard: batch.shard }, "quarantined");
    return { key: id, json, version: nowMs, deleted: false };
  });
  await deps.store.insertDocuments({
    token: `${batch.insertToken}:quarantine`,
    kind: DOCUMENT_KIND.quarantineItem,
    rows,
  });
  await countQuarantined(deps, new Map([["record", found.length]]));
}

/** Counts quarantined items here, because the recorder sees those of all steps and of Lua. */
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
