import type { Expected, Oracle } from "./oracle";

/** The compared fields of a ledger row. */
export interface LedgerRow {
  executionId: string;
  scheduleId: string;
  correlationId: string;
  trigger: string;
  outcome: string;
  reason: string | null;
  scheduledFor: number;
  latenessMs: number;
  late: boolean;
  /** How many times the row is in the ledger. */
  copies: number;
  attempts: number;
}

/** A message as a consumer received it. */
export interface SeenMessage {
  eventId: string;
  scheduleId: string;
  scheduledFor: string;
}

export interface Comparison {
  expected: number;
  succeeded: number;
  late: number;
  /** Succeeded occurrences by number of attempts. */
  attempts: Record<number, number>;
  expired: number;
  cancelled: number;
  skipped: Record<string, number>;
  dead: number;
  /** Occurrences that must have an outcome or a message but have none. */
  lost: number;
  /** Like `lost`, but a wipe may have lost the request, which was in progress or acknowledged up to 1 s before. */
  lostByWipe: number;
  /** Occurrences with several rows in the ledger. */
  doubledLedger: number;
  /** Event ids under which several messages were published. */
  doubledBus: number;
  /** Occurrences that were published under several event ids, so that a consumer cannot recognise the duplicate. */
  doubledWithoutId: number;
  /** Outcomes or messages that nobody requested, and messages without an outcome. */
  unexplained: number;
  /** Descriptions of the first `WRONG_LIMIT` deviations. */
  wrong: string[];
}

const WRONG_LIMIT = 40;

/** Compares the oracle's requests up to `endMs` with the ledger and the messages on the bus. */
export function compare(input: {
  oracle: Oracle;
  ledger: readonly LedgerRow[];
  bus: readonly SeenMessage[];
  endMs: number;
}): Comparison {
  const { oracle, ledger, bus, endMs } = input;
  const result: Comparison = {
    expected: 0,
    succeeded: 0,
    late: 0,
    attempts: {},
    expired: 0,
    cancelled: 0,
    skipped: {},
    dead: 0,
    lost: 0,
    lostByWipe: 0,
    doubledLedger: 0,
    doubledBus: 0,
    doubledWithoutId: 0,
    unexplained: 0,
    wrong: [],
  };
  const wrong = (what: string) => {
    if (result.wrong.length < WRONG_LIMIT) result.wrong.push(what);
  };
  const messages = new Map<string, number>();
  for (const { eventId } of bus) messages.set(eventId, (messages.get(eventId) ?? 0) + 1);

  const planned = new Map<string, LedgerRow>();
  const byExecution = new Map<string, LedgerRow>();
  const byCorrelation = new Map<string, LedgerRow>();
  const seen = new Map<string, number>();
  for (const row of ledger) {
    countOutcome(result, row);
    byExecution.set(row.executionId, row);
    byCorrelation.set(row.correlationId, row);
    const isPlanned = row.trigger === "schedule" || row.trigger === "catch_up" || row.trigger === "delayed_event";
    const key = isPlanned ? `${row.scheduleId}@${row.scheduledFor}` : row.executionId;
    seen.set(key, (seen.get(key) ?? 0) + row.copies);
    if (isPlanned) planned.set(key, row);
    if (row.outcome === "succeeded" && !messages.has(row.executionId)) {
      result.lost += 1;
      wrong(`${key} succeeded in the ledger, but no consumer received it`);
    }
  }
  for (const [key, copies] of seen) {
    if (copies === 1) continue;
    result.doubledLedger += 1;
    wrong(`${key} is ${copies} times in the ledger`);
  }

  const requested = new Set<string>();
  for (const schedule of oracle.schedules.values()) {
    const { must, may } = oracle.occurrences(schedule, endMs);
    for (const at of may) requested.add(`${schedule.id}@${at}`);
    for (const at of must) {
      const key = `${schedule.id}@${at}`;
      requested.add(key);
      result.expected += 1;
      if (planned.has(key)) continue;
      if (schedule.mayBeLost) {
        result.lostByWipe += 1;
        continue;
      }
      result.lost += 1;
      wrong(`${key} (${new Date(at).toISOString()}) has no outcome; ${describeAround(schedule, ledger, at)}`);
    }
  }
  for (const [executionId, ackMs] of oracle.manual) {
    result.expected += 1;
    if (byExecution.has(executionId)) continue;
    if (oracle.mayBeLost(ackMs)) result.lostByWipe += 1;
    else {
      result.lost += 1;
      wrong(`the manual run ${executionId} has no outcome`);
    }
  }
  for (const [id, ackMs] of oracle.delayed) {
    result.expected += 1;
    if (byCorrelation.has(id)) continue;
    if (oracle.mayBeLost(ackMs)) result.lostByWipe += 1;
    else {
      result.lost += 1;
      wrong(`the delayed message ${id}, sent ${new Date(ackMs).toISOString()}, has no outcome`);
    }
  }
  for (const [key, row] of planned) {
    if (oracle.schedules.get(row.scheduleId)?.mayBeLost) continue;
    const isRequested =
      requested.has(key) || oracle.delayed.has(row.correlationId) || oracle.unanswered.has(row.correlationId);
    if (isRequested) continue;
    result.unexplained += 1;
    wrong(`${key} (${new Date(row.scheduledFor).toISOString()}, ${row.trigger}, ${row.outcome}) was not requested`);
  }
  const scheduleOf = new Map(bus.map(({ eventId, scheduleId }) => [eventId, scheduleId]));
  const mayBeLost = (eventId: string) => oracle.schedules.get(scheduleOf.get(eventId) ?? "")?.mayBeLost ?? false;
  countMessages(result, { bus, messages, byExecution, manual: oracle.manual, mayBeLost, wrong });
  return result;
}

/** How far from a lost occurrence its description reaches. */
const NEAR_MS = 150_000;
const utcTime = (ms: number) => new Date(ms).toISOString().slice(11, 23);

/** The expected and actual state of a schedule around a time, to help find the cause. */
function describeAround(schedule: Expected, ledger: readonly LedgerRow[], at: number): string {
  const isNear = (ms: number) => Math.abs(ms - at) < NEAR_MS;
  const requested = schedule.segments.filter((one) => isNear(one.fromMs));
  const rows = ledger.filter((row) => row.scheduleId === schedule.id && isNear(row.scheduledFor));
  return [
    `requested: ${requested.map((one) => `${utcTime(one.fromMs)} ${one.state} /${one.everySeconds}`).join(", ")}`,
    `rows: ${rows.map((row) => `${utcTime(row.scheduledFor)} ${row.outcome} ${row.reason ?? row.trigger}`).join(", ")}`,
  ].join("; ");
}

function countOutcome(result: Comparison, row: LedgerRow): void {
  if (row.outcome === "succeeded") {
    result.succeeded += 1;
    result.attempts[row.attempts] = (result.attempts[row.attempts] ?? 0) + 1;
    if (row.late) result.late += 1;
  } else if (row.outcome === "skipped") {
    const reason = row.reason ?? "none";
    result.skipped[reason] = (result.skipped[reason] ?? 0) + 1;
  } else if (row.outcome === "dead") result.dead += 1;
  else if (row.outcome === "expired") result.expired += 1;
  else result.cancelled += 1;
}

function countMessages(
  result: Comparison,
  input: {
    bus: readonly SeenMessage[];
    messages: ReadonlyMap<string, number>;
    byExecution: ReadonlyMap<string, LedgerRow>;
    manual: ReadonlyMap<string, number>;
    mayBeLost: (eventId: string) => boolean;
    wrong: (what: string) => void;
  },
): void {
  for (const [eventId, copies] of input.messages) {
    if (copies > 1) result.doubledBus += 1;
    // A manual run without an outcome is already counted as lost, or as lost by a wipe.
    if (input.byExecution.has(eventId) || input.manual.has(eventId)) continue;
    // A wipe may have lost the create or last change of this message's schedule.
    if (input.mayBeLost(eventId)) continue;
    result.unexplained += 1;
    input.wrong(`the message ${eventId} has no outcome`);
  }
  const ids = new Map<string, Set<string>>();
  for (const { scheduleId, scheduledFor, eventId } of input.bus) {
    if (input.byExecution.get(eventId)?.trigger === "manual") continue;
    const key = `${scheduleId}@${scheduledFor}`;
    ids.set(key, (ids.get(key) ?? new Set()).add(eventId));
  }
  for (const [key, events] of ids) {
    if (events.size === 1) continue;
    result.doubledWithoutId += 1;
    input.wrong(`${key} was published under ${events.size} event ids`);
  }
}
