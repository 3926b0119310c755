import type { EndReason, ErrorClass } from "~/server/domain/choices";
import { DataFault, isDataFault, reasonOf } from "~/server/domain/data-fault";
import { DOCUMENT_KINDS, type DocumentKind } from "~/server/domain/document-kinds";
import { type Execution, LATE_MS, latenessMs } from "~/server/domain/execution";
import { eventId, scheduleIdOf } from "~/server/domain/ids";
import type { Outcome, Schedule } from "~/server/domain/schedule";
import type { SettleDelta } from "~/server/ports/hot/settlement";
import { unpackId, unpackKey } from "./packed-id";
import {
  type AttemptTuple,
  decodeAttempts,
  decodeHeader,
  decodeInstance,
  decodeRecord,
  encodeAttempts,
  headerError,
  stateOf,
  wholeNumber,
} from "./record";
import { decodeWholeExecution, decodeWholeSchedule } from "./whole-row";

/**
 * The kind of a pair: s, a schedule; x, an execution; b, the delta that the following executions share; y, an execution
 * without its record, followed by r, the record; or the kind of a document.
 */
export type OutboxKind = "s" | "x" | "b" | "y" | "r" | DocumentKind;

/** The decoded content of outbox entries, in order. An entry is a list of pairs: kind, blob. */
export interface OutboxContent {
  schedules: Schedule[];
  executions: Execution[];
  documents: { kind: DocumentKind; json: string }[];
  /** Pairs that could not be decoded. */
  unreadable: UnreadablePair[];
}

export interface UnreadablePair {
  kind: string;
  blobsAt: number[];
  reason: string;
  /** The delta that the rows of the entry share. The blobs may refer to this delta instead of containing it. */
  shared: SettleDelta | null;
}

/** `tier|completed|deleted|next` of a catalogue row. The scripts write this text in front of the record. */
export function encodeRowState(input: {
  tier: "redis" | "clickhouse";
  completed: boolean;
  deleted: boolean;
  nextExecution: number | null;
}): string {
  const tier = input.tier === "redis" ? "r" : "c";
  return `${tier}|${input.completed ? 1 : 0}|${input.deleted ? 1 : 0}|${input.nextExecution === null ? "" : wholeNumber(input.nextExecution, "next_execution")}`;
}

/** A ledger row without a claimed record, such as a skipped occurrence. */
export function encodeExecution(execution: Execution): string {
  return JSON.stringify(execution);
}

type DeltaTuple = [
  outcome: Outcome,
  reason: EndReason | null,
  firedAt: number | null,
  endedAt: number,
  publishMs: number | null,
  attempts: AttemptTuple[],
  error: string | null,
  errorClass: ErrorClass | null,
  workerId: string,
  partition: number | null,
  offset: string | null,
  actor: string | null,
];

export function encodeDelta(delta: SettleDelta): string {
  const tuple: DeltaTuple = [
    delta.outcome,
    delta.reason,
    delta.firedAt,
    delta.endedAt,
    delta.publishMs,
    encodeAttempts(delta.attempts),
    delta.error,
    delta.errorClass,
    delta.workerId,
    delta.partition,
    delta.offset,
    delta.actor,
  ];
  return JSON.stringify(tuple);
}

/** The short form, for `lua/settle.lua`, of a delta that differs from the shared delta only in partition and offset. */
export function encodePartitionAndOffset({ partition, offset }: SettleDelta): string {
  return `@${partition ?? ""}|${offset ?? ""}`;
}

/**
 * Whether two deltas differ at most in partition and offset. Attempts are compared by identity, because the items of a
 * batch that were tried once share one list.
 */
export function sharesDelta(a: SettleDelta, b: SettleDelta): boolean {
  return (
    a.outcome === b.outcome &&
    a.reason === b.reason &&
    a.firedAt === b.firedAt &&
    a.endedAt === b.endedAt &&
    a.publishMs === b.publishMs &&
    a.attempts === b.attempts &&
    a.error === b.error &&
    a.errorClass === b.errorClass &&
    a.workerId === b.workerId &&
    a.actor === b.actor
  );
}

function decodeDelta(json: string): SettleDelta {
  const [
    outcome,
    reason,
    firedAt,
    endedAt,
    publishMs,
    attempts,
    error,
    errorClass,
    workerId,
    partition,
    offset,
    actor,
  ] = JSON.parse(json) as DeltaTuple;
  const times = { firedAt, endedAt, publishMs };
  const place = { workerId, partition, offset, actor };
  return { outcome, reason, ...times, attempts: decodeAttempts(attempts), error, errorClass, ...place };
}

/**
 * Decodes the pairs of one stream entry into `into`. Adds a pair that cannot be decoded, or whose kind is unknown, to
 * `unreadable`.
 */
export function decodeEntry(pairs: readonly string[], into: OutboxContent): void {
  let shared: SettleDelta | null = null;
  for (let at = 0; at < pairs.length; at += 2) {
    const [kind, blob] = [pairs[at] as string, pairs[at + 1] as string];
    const blobsAt = [at + 1];
    try {
      if (kind === ("b" satisfies OutboxKind)) {
        shared = null;
        shared = decodeDelta(blob);
      } else if (kind === ("y" satisfies OutboxKind)) {
        if (pairs[at + 2] !== ("r" satisfies OutboxKind)) throw new DataFault("An execution without its record.");
        at += 2;
        blobsAt.push(at + 1);
        decodeExecution(blob + pairs[at + 1], { into, shared });
      } else decodeBlob(kind, blob, { into, shared });
    } catch (error) {
      if (!isDataFault(error)) throw error;
      into.unreadable.push({ kind, blobsAt, reason: reasonOf(error), shared });
    }
  }
}

/** The bytes of an undecodable pair, with the shared delta inserted, so that the bytes can be decoded on their own. */
export function bytesOf(pair: UnreadablePair, blobs: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(blobs);
  const headEnd = bytes.indexOf("\n");
  const deltaEnd = bytes.indexOf("\n", headEnd + 1);
  const delta = headEnd < 0 || deltaEnd < 0 ? "" : bytes.toString("utf8", headEnd + 1, deltaEnd);
  if (pair.shared === null || !PARTITION_AND_OFFSET.test(delta)) return bytes;
  const complete = encodeDelta(deltaOf(delta, pair.shared));
  return Buffer.concat([bytes.subarray(0, headEnd + 1), Buffer.from(complete), bytes.subarray(deltaEnd)]);
}

const PARTITION_AND_OFFSET = /^@\d*\|/;

function decodeBlob(
  kind: string,
  blob: string,
  { into, shared }: { into: OutboxContent; shared: SettleDelta | null },
): void {
  switch (kind as OutboxKind) {
    case "s":
      into.schedules.push(decodeRow(blob));
      return;
    case "x":
      decodeExecution(blob, { into, shared });
      return;
    default:
      if ((DOCUMENT_KINDS as readonly string[]).includes(kind)) {
        into.documents.push({ kind: kind as DocumentKind, json: blob });
        return;
      }
      throw new DataFault(`Unknown kind ${JSON.stringify(kind)}.`);
  }
}

/**
 * Decodes a whole schedule as JSON, which an operator released from the quarantine, or
 * `id|tier|completed|deleted|next`, optionally `|runs taken`, newline, record.
 */
function decodeRow(blob: string): Schedule {
  if (blob.startsWith("{")) return decodeWholeSchedule(blob);
  const end = blob.indexOf("\n");
  const [id = "", tier, completed, deleted, next = "", runs = ""] = blob.slice(0, end).split("|");
  const { schedule, header } = decodeRecord({ id: unpackId(id), record: blob.slice(end + 1) });
  schedule.state = stateOf(header, {
    tier: tier === "r" ? "redis" : "clickhouse",
    completed: completed === "1",
    deleted: deleted === "1",
    nextExecution: next === "" ? null : Number(next),
    runsTaken: runs === "" ? null : Number(runs),
  });
  return schedule;
}

/**
 * Decodes a whole execution as JSON, or `revision|d?|key`, newline, delta, newline, the claimed instance. A revision
 * marks the execution that ends a one-time schedule, whose last row is added too. `d`: the schedule is deleted.
 */
function decodeExecution(blob: string, { into, shared }: { into: OutboxContent; shared: SettleDelta | null }): void {
  if (blob.startsWith("{")) {
    into.executions.push(decodeWholeExecution(blob));
    return;
  }
  const headEnd = blob.indexOf("\n");
  const deltaEnd = blob.indexOf("\n", headEnd + 1);
  const [revision = "", deleted, ...keyParts] = blob.slice(0, headEnd).split("|");
  const delta = deltaOf(blob.slice(headEnd + 1, deltaEnd), shared);
  const key = unpackKey(keyParts.join("|"));
  const value = blob.slice(deltaEnd + 1);
  const execution = composeExecution(key, delta, value);
  into.executions.push(execution.row);
  if (revision !== "") {
    into.schedules.push(
      completedRow({ schedule: execution.schedule, delta, revision: Number(revision), deleted: deleted === "d" }),
    );
  }
}

/** Decodes a complete delta, or joins `@partition|offset` with the shared delta. */
function deltaOf(text: string, shared: SettleDelta | null): SettleDelta {
  if (!text.startsWith("@")) return decodeDelta(text);
  if (shared === null) throw new DataFault("A row without the delta that it shares with others.");
  const bar = text.indexOf("|");
  const [partition, offset] = [text.slice(1, bar), text.slice(bar + 1)];
  return { ...shared, partition: partition === "" ? null : Number(partition), offset: offset === "" ? null : offset };
}

function composeExecution(key: string, delta: SettleDelta, value: string): { row: Execution; schedule: Schedule } {
  const instance = decodeInstance(scheduleIdOf(key), value);
  const { schedule, header } = instance;
  const lateness = latenessMs(instance.effectiveMs, delta.firedAt ?? delta.endedAt);
  const row: Execution = {
    executionId: eventId(key),
    key,
    scheduleId: schedule.scheduleId,
    scheduleName: schedule.name,
    scheduleVersion: schedule.version,
    trigger: instance.trigger,
    outcome: delta.outcome,
    reason: delta.reason,
    topic: schedule.topic,
    entityType: schedule.entityType,
    entityId: schedule.entityId,
    action: schedule.action,
    source: schedule.source,
    correlationId: schedule.correlationId,
    priority: schedule.priority,
    scheduledFor: instance.nominalMs,
    effectiveAt: instance.effectiveMs,
    firedAt: delta.firedAt,
    endedAt: delta.endedAt,
    latenessMs: lateness,
    late: delta.outcome === "succeeded" && lateness > LATE_MS,
    publishMs: delta.publishMs,
    attempts: delta.attempts,
    error: delta.error,
    errorClass: delta.errorClass,
    workerId: delta.workerId,
    partition: delta.partition,
    offset: delta.offset,
    actor: delta.actor ?? instance.actor,
    note: null,
    tier: header.flags.includes("p") ? "clickhouse" : "redis",
    enteredRedisAt: instance.enteredAtMs,
    payload: schedule.payload,
    headers: schedule.headers,
    rawValue: schedule.rawValue,
    actorType: schedule.actorType,
    actorId: schedule.actorId,
  };
  return { row, schedule };
}

/** Outcomes that count as runs; lua/settle.lua has the same list. */
const COUNTED_AS_RUNS: ReadonlySet<Outcome> = new Set(["succeeded", "dead", "expired"]);

/** The last row of a one-time schedule: the claimed record with the outcome. */
function completedRow(input: { schedule: Schedule; delta: SettleDelta; revision: number; deleted: boolean }): Schedule {
  const { schedule, delta } = input;
  const { executionCount, errorCount } = schedule.state;
  schedule.state = {
    revision: input.revision,
    tier: "clickhouse",
    completed: true,
    deleted: input.deleted,
    nextExecution: null,
    lastExecution: delta.firedAt ?? delta.endedAt,
    lastStatus: delta.outcome,
    lastError: headerError(delta.error) || null,
    runsTaken: 0,
    executionCount: executionCount + (COUNTED_AS_RUNS.has(delta.outcome) ? 1 : 0),
    errorCount: errorCount + (delta.outcome === "dead" ? 1 : 0),
  };
  return schedule;
}

/**
 * The row that a put stored. `header`: the stored header of an edit, which has the counters and the revision of Redis,
 * or empty for a create.
 */
export function storedSchedule(
  row: Schedule,
  rowState: Parameters<typeof encodeRowState>[0],
  header: string,
): Schedule {
  const { tier, completed, deleted, nextExecution } = rowState;
  const { state } = row;
  const isUnchanged =
    state.tier === tier &&
    state.completed === completed &&
    state.deleted === deleted &&
    state.nextExecution === nextExecution;
  if (header === "" && isUnchanged) return row;
  if (header === "") return { ...row, state: { ...state, tier, completed, deleted, nextExecution } };
  return { ...row, state: stateOf(decodeHeader(header), { ...rowState, runsTaken: state.runsTaken }) };
}
