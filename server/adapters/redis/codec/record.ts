import { DataFault } from "~/server/domain/data-fault";
import type { Attempt, Trigger } from "~/server/domain/execution";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Outcome, Schedule, ScheduleState } from "~/server/domain/schedule";
import { decodeSchedule, encodeDefinition } from "./definition";

export const OUTCOME_CODES = {
  succeeded: "s",
  dead: "d",
  expired: "e",
  skipped: "k",
  cancelled: "c",
} as const satisfies Record<Outcome, string>;
const OUTCOMES = new Map(Object.entries(OUTCOME_CODES).map(([outcome, code]) => [code as string, outcome as Outcome]));
const TRIGGER_CODES = {
  schedule: "s",
  manual: "m",
  replay: "r",
  catch_up: "c",
  delayed_event: "d",
} as const satisfies Record<Trigger, string>;
const TRIGGERS = new Map(Object.entries(TRIGGER_CODES).map(([trigger, code]) => [code as string, trigger as Trigger]));

/** Limit of the last error in a header, because every waiting schedule has a header in Redis. */
const MAX_ERROR_CHARS = 300;

/** An error for the header line: without newlines, and cut to `MAX_ERROR_CHARS`. */
export function headerError(error: string | null): string {
  const line = (error ?? "").replace(/[\r\n]+/g, " ").slice(0, MAX_ERROR_CHARS);
  // The cut may leave an unpaired surrogate.
  return line.replace(/[\uD800-\uDBFF]$/, "");
}

/** Returns a number that the patterns of the scripts match. @throws DataFault unless it is a safe integer. */
export function wholeNumber(value: number, name: string): number {
  if (Number.isSafeInteger(value)) return value;
  throw new DataFault(`${name}: must be a whole number, got ${value}`);
}

/** A number that the scripts match without a sign. @throws DataFault unless it is a safe integer from 0. */
function countOf(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new DataFault(`${name}: must be a whole number of at least 0, got ${value}`);
}

const wholeNumberOrEmpty = (value: number | null, name: string) => (value === null ? "" : wholeNumber(value, name));

/** The priority, which is one digit in a header. @throws DataFault for any other value. */
function priorityOf({ priority }: Schedule): number {
  if (Number.isInteger(priority) && priority >= 0 && priority <= 9) return priority;
  throw new DataFault(`priority: must be a whole number from 0 to 9, got ${priority}`);
}

/** A record in two parts; Lua inserts `enteredAt` between them. */
export interface RecordParts {
  /** The header up to and including the bar before `enteredAt`. */
  head: string;
  /** From the bar after `enteredAt`: flags and last error, the definition's line, the payload. */
  rest: string;
}

/**
 * Encodes a record. lua/includes/header.lua describes the fields and flags. `flags`: the flags that cannot be derived
 * from the schedule.
 * @throws DataFault for a value that does not match the Lua patterns.
 */
export function encodeRecord(schedule: Schedule, flags: "" | "e" | "f" | "fp" = ""): RecordParts {
  const { state } = schedule;
  const isRecurring = schedule.cronExpression !== null;
  const head = [
    priorityOf(schedule),
    countOf(state.revision, "revision"),
    countOf(schedule.version, "version"),
    countOf(state.executionCount, "execution_count") || "",
    countOf(state.errorCount, "error_count") || "",
    wholeNumberOrEmpty(state.lastExecution, "last_execution"),
    state.lastStatus === null ? "" : OUTCOME_CODES[state.lastStatus],
    isRecurring ? "" : wholeNumberOrEmpty(schedule.executionTime, "execution_time"),
    "",
  ].join("|");
  const lines = [
    `|${isRecurring ? "r" : ""}${isBounded(schedule) ? "m" : ""}${flags}|${headerError(state.lastError)}`,
    encodeDefinition(schedule),
  ];
  return { head, rest: `${lines.join("\n")}\n${schedule.payload}` };
}

/** Whether `max_runs` limits the schedule's runs, so that Redis counts them. */
export function isBounded({ cronExpression, maxRuns }: Schedule): boolean {
  return cronExpression !== null && maxRuns !== null;
}

export interface Header {
  priority: number;
  revision: number;
  version: number;
  executionCount: number;
  errorCount: number;
  lastExecution: number | null;
  lastStatus: Outcome | null;
  nominalMs: number | null;
  enteredAtMs: number;
  flags: string;
  lastError: string | null;
}

/** Reads a header line. lua/includes/header.lua describes its fields. */
export function decodeHeader(line: string): Header {
  const parts = line.split("|");
  const field = (index: number) => parts[index] ?? "";
  return {
    priority: Number(field(0)),
    revision: Number(field(1)),
    version: Number(field(2)),
    executionCount: Number(field(3)),
    errorCount: Number(field(4)),
    lastExecution: numberOrNull(field(5)),
    lastStatus: OUTCOMES.get(field(6)) ?? null,
    nominalMs: numberOrNull(field(7)),
    enteredAtMs: Number(field(8)),
    flags: field(9),
    // The text of an error may contain bars.
    lastError: (parts.length > 11 ? parts.slice(10).join("|") : parts[10]) || null,
  };
}

function numberOrNull(text: string): number | null {
  return text === "" ? null : Number(text);
}

export function stateOf(
  header: Header,
  rest: Pick<ScheduleState, "tier" | "completed" | "deleted" | "nextExecution"> & { runsTaken?: number | null },
): ScheduleState {
  const { runsTaken, ...rowState } = rest;
  return {
    revision: header.revision,
    ...rowState,
    lastExecution: header.lastExecution,
    lastStatus: header.lastStatus,
    lastError: header.lastError,
    executionCount: header.executionCount,
    errorCount: header.errorCount,
    // Without max_runs no count of runs is stored; the count of ended runs is the closest known number.
    runsTaken: runsTaken ?? header.executionCount,
  };
}

export interface DecodedRecord {
  schedule: Schedule;
  header: Header;
}

/** Decodes a record. Pass the plan's first time as `nextExecution` for a recurring schedule. */
export function decodeRecord(input: {
  id: string;
  record: string;
  nextExecution?: number | null;
  runsTaken?: number | null;
}): DecodedRecord {
  const { id, record } = input;
  const headerEnd = record.indexOf("\n");
  const definitionEnd = record.indexOf("\n", headerEnd + 1);
  const header = decodeHeader(record.slice(0, headerEnd));
  const nextExecution = input.nextExecution !== undefined ? input.nextExecution : nominalOf(header);
  const schedule = decodeSchedule(record.slice(headerEnd + 1, definitionEnd), {
    scheduleId: id,
    payload: record.slice(definitionEnd + 1),
    priority: header.priority,
    version: header.version,
    state: stateOf(header, {
      tier: "redis",
      completed: false,
      deleted: false,
      nextExecution,
      runsTaken: input.runsTaken,
    }),
    nominalMs: header.nominalMs,
  });
  return { schedule, header };
}

function nominalOf(header: Header): number | null {
  return header.flags.includes("r") ? null : header.nominalMs;
}

/** The attempts and the actor in an instance's meta line, as JSON; empty if there are neither. */
export function encodeMeta(meta: { attempts: readonly Attempt[]; actor: string | null }): string {
  const { attempts, actor } = meta;
  if (attempts.length === 0 && actor === null) return "";
  return JSON.stringify({ a: attempts.length > 0 ? encodeAttempts(attempts) : undefined, by: actor ?? undefined });
}

/** `nominal|effective|trigger` of a new instance. */
export function encodeTimes(input: { nominalMs: number; effectiveMs: number; trigger: Trigger }): string {
  const { nominalMs, effectiveMs, trigger } = input;
  return `${wholeNumber(nominalMs, "nominal time")}|${wholeNumber(effectiveMs, "effective time")}|${TRIGGER_CODES[trigger]}`;
}

export interface DecodedInstance extends DecodedRecord {
  nominalMs: number;
  effectiveMs: number;
  trigger: Trigger;
  enteredAtMs: number;
  caughtUp: boolean;
  attempts: Attempt[];
  actor: string | null;
}

/** The meta line (lua/includes/instance.lua) before its JSON: nominal, effective, trigger, enteredAt and lane. */
const META = /^(-?\d*)\|(-?\d*)\|(\w)!?\|(\d*)\|(\w)\|/;

/** Decodes a value of the key `P{n}:occ`. @throws DataFault for unreadable bytes, SyntaxError for invalid JSON. */
export function decodeInstance(id: string, value: string): DecodedInstance {
  const end = value.indexOf("\n");
  const parts = META.exec(value);
  if (!parts) throw new DataFault(`The instance of ${id} has no readable meta line.`);
  const { schedule, header } = decodeRecord({ id, record: value.slice(end + 1) });
  const { attempts, actor } = decodeMeta(value.slice(parts[0].length, end));
  const isDelayedMessage = parts[3] === TRIGGER_CODES.schedule && schedule.source === "kafka_delayed";
  return {
    schedule,
    header,
    attempts,
    actor,
    nominalMs: Number(parts[1]),
    effectiveMs: Number(parts[2]),
    trigger: isDelayedMessage ? "delayed_event" : (TRIGGERS.get(parts[3] ?? "") ?? "schedule"),
    enteredAtMs: Number(parts[4]),
    caughtUp: parts[5] === "c",
  };
}

function decodeMeta(json: string): { attempts: Attempt[]; actor: string | null } {
  if (json === "") return { attempts: [], actor: null };
  const meta = JSON.parse(json) as { a?: AttemptTuple[]; by?: string };
  return { attempts: decodeAttempts(meta.a ?? []), actor: meta.by ?? null };
}

export type AttemptTuple = [n: number, at: number, ms: number, worker: string, cls: string | null, err: string | null];

/** Attempts without field names, which saves time and memory. */
export function encodeAttempts(attempts: readonly Attempt[]): AttemptTuple[] {
  return attempts.map((one) => [one.n, one.at, one.durationMs, one.workerId, one.errorClass, one.error]);
}

export function decodeAttempts(tuples: readonly AttemptTuple[]): Attempt[] {
  return tuples.map(([n, at, durationMs, workerId, errorClass, error]) => ({
    n,
    at,
    durationMs,
    workerId,
    errorClass,
    error,
  }));
}

const PLAN_ENTRY = /^(-?\d+):(-?\d+)$/;

export function encodePlan(plan: readonly PlannedOccurrence[]): string {
  return plan
    .map((one) => `${wholeNumber(one.nominalMs, "nominal time")}:${wholeNumber(one.effectiveMs, "effective time")}`)
    .join(",");
}

/** A plan, preceded by the count of runs if the schedule has `max_runs`; see lua/includes/runs.lua. */
export function encodePlanWithRuns(schedule: Schedule, plan: string): string {
  return isBounded(schedule) ? `${countOf(schedule.state.runsTaken, "runs_taken")};${plan}` : plan;
}

/** A plan and its count of runs; the count is null without `max_runs`. */
export function decodePlanWithRuns(text: string | null): { runsTaken: number | null; plan: PlannedOccurrence[] } {
  if (!text) return { runsTaken: null, plan: [] };
  const at = text.indexOf(";");
  const runsTaken = at < 0 ? null : Number(text.slice(0, at));
  const times = text.slice(at + 1);
  // Drops damaged entries; a claim that reaches a damaged entry has the plan computed again (lua/claim.lua).
  const plan = times.split(",").flatMap((one) => {
    const [, nominal, effective] = PLAN_ENTRY.exec(one) ?? [];
    return nominal === undefined ? [] : [{ nominalMs: Number(nominal), effectiveMs: Number(effective) }];
  });
  return { runsTaken, plan };
}
