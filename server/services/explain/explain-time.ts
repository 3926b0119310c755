import { readAuditEntry } from "~/server/domain/audit/entry";
import { SUCCEEDED } from "~/server/domain/audit/results";
import { isDataFault } from "~/server/domain/data-fault";
import { AppError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import { type ExplainInput, explain, requestedOccurrences } from "~/server/domain/explain/explain";
import {
  FIRING_PAUSE_TARGET,
  FIRING_PAUSE_VERBS,
  type FiringPause,
  firingPausesIn,
} from "~/server/domain/explain/firing-pauses";
import { timeFormatIn } from "~/server/domain/explain/format-time";
import { type Question, questionOf } from "~/server/domain/explain/question";
import { sentenceOf } from "~/server/domain/explain/sentence";
import { readTrailEntry, TRAIL_ACTIONS, type TrailEntry } from "~/server/domain/explain/trail";
import { occurrenceKey } from "~/server/domain/ids";
import { LATEST_MS } from "~/server/domain/instant";
import type { Schedule } from "~/server/domain/schedule";
import type { ExplanationPage } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { lastWatch } from "../firing/watch-report";
import { findSchedule, OVERLAY_LIMIT } from "../newest-schedules";
import { unscopedDeps } from "../scope";
import { type AuditWindow, isVisibleEntry, targetsInWindow, visibleTrail } from "../scoped/audit-window";
import type { ExplainTimeInput } from "./inputs";

/** Maximum number of audit entries after the requested time. They are undone to get the definition at that time. */
const LATER_CHANGES = 500;
/** Maximum number of audit entries before the requested time, for the last pause and the last edit. */
const EARLIER_CHANGES = 50;
/** Ledger rows to read. Enough for a minute of a schedule that fires every second, with manual runs and replays. */
const ROWS = 200;

/**
 * Explains why a schedule did or did not fire at a time. The schedule may be deleted. Throws `not_found` for an unknown
 * id, and `timezone_unknown`.
 */
export async function explainTime(call: { ctx: Ctx; input: ExplainTimeInput }): Promise<ExplanationPage> {
  requireRight(call.ctx, "executions:read");
  const { deps } = call.ctx;
  const { scheduleId, at } = call.input;
  const schedule = await findSchedule(deps, scheduleId);
  if (schedule === null) throw new AppError("not_found", `No schedule has the id ${scheduleId}.`);
  const { timezone } = schedule;
  const question = questionOf(at, timezone);
  const format = timeFormatIn(timezone);
  const answers = explain(await gather(deps, schedule, question));
  return {
    scheduleId,
    timezone,
    currentVersion: schedule.version,
    answers: answers.map((one) => ({ ...one, sentence: sentenceOf(one, format) })),
  };
}

async function gather(deps: Deps, schedule: Schedule, question: Question): Promise<ExplainInput> {
  const window = await visibleTrail(deps, [schedule.scheduleId]);
  const [{ trail, rows }, firingPauses] = await Promise.all([
    readRowsAndTrail(deps, { schedule, question, window }),
    firingPausesAround(deps, question.atMs),
  ]);
  const keys = requestedOccurrences({ question, schedule, trail }).map((one) => keyOf(schedule, one.nominalMs));
  const unsettled = keys.filter((key) => !rows.some((row) => row.key === key));
  const inFlight = await deps.hot.inFlight(unsettled);
  const isHeld = [...inFlight.values()].some((one) => one.isHeld);
  const isMissing = unsettled.some((key) => !inFlight.has(key));
  const [breakers, watch, again] = await Promise.all([
    isHeld ? deps.hot.breakers() : null,
    isMissing ? lastWatch(deps) : null,
    // Read again, because an occurrence that ended between the two reads is in neither answer.
    isMissing ? readRowsAndTrail(deps, { schedule, question, window }) : null,
  ]);
  return {
    question,
    schedule,
    trail: again?.trail ?? trail,
    firingPauses,
    rows: again?.rows ?? rows,
    inFlight,
    breaker: breakers?.get(`topic:${schedule.topic}`) ?? null,
    watch,
    keptDays: deps.settings.current().executionHistoryTtlDays,
    nowMs: deps.clock.now(),
  };
}

const keyOf = ({ scheduleId }: Schedule, nominalMs: number) => occurrenceKey(scheduleId, nominalMs);

/** Reads the ledger rows around the time and the audit entries of the schedule, including those in the outbox. */
async function readRowsAndTrail(
  deps: Deps,
  { schedule, question, window }: { schedule: Schedule; question: Question; window: AuditWindow },
): Promise<{ trail: TrailEntry[]; rows: StoredExecution[] }> {
  const { scheduleId } = schedule;
  const range = rowRange(schedule, question);
  const auditFilter = { targets: [scheduleId], verbs: TRAIL_ACTIONS, result: SUCCEEDED };
  // Read the outbox first, so that a row that is recorded between the reads is found.
  const unflushed = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  // The trail is filtered by the window below.
  const { store } = unscopedDeps(deps);
  const [ledger, later, earlier] = await Promise.all([
    deps.store.listExecutions({ scheduleId, ...range, limit: ROWS }),
    store.listAudit({ ...auditFilter, fromMs: question.atMs, toMs: LATEST_MS, limit: LATER_CHANGES }),
    store.listAudit({ ...auditFilter, fromMs: 0, toMs: question.atMs, limit: EARLIER_CHANGES }),
  ]);
  const known = new Set(ledger.items.map((row) => row.executionId));
  const fresh = unflushed.executions.filter(
    (row) =>
      row.scheduleId === scheduleId &&
      row.scheduledFor >= range.fromMs &&
      row.scheduledFor < range.toMs &&
      !known.has(row.executionId),
  );
  const unflushedAudit = unflushed.audit.filter((json) => json.includes(scheduleId));
  const documents = [...unflushedAudit, ...later.items, ...earlier.items];
  return { rows: [...fresh, ...ledger.items], trail: trailOf(deps, { scheduleId, window, documents }) };
}

/** Returns the pauses of all firing around a time, including those whose entries are in the outbox. */
async function firingPausesAround(deps: Deps, atMs: number): Promise<FiringPause[]> {
  const auditFilter = { targets: [FIRING_PAUSE_TARGET], verbs: FIRING_PAUSE_VERBS, result: SUCCEEDED };
  const unflushed = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const [later, earlier] = await Promise.all([
    deps.store.listAudit({ ...auditFilter, fromMs: atMs, toMs: LATEST_MS, limit: LATER_CHANGES }),
    deps.store.listAudit({ ...auditFilter, fromMs: 0, toMs: atMs, limit: EARLIER_CHANGES }),
  ]);
  const fresh = unflushed.audit.filter((json) => FIRING_PAUSE_VERBS.some((verb) => json.includes(verb)));
  const documents = [...new Set([...fresh, ...later.items, ...earlier.items])];
  const entries = documents.flatMap((json) => {
    try {
      return [readAuditEntry(json)];
    } catch (error) {
      if (isDataFault(error)) return [];
      throw error;
    }
  });
  return firingPausesIn(entries.filter(({ target, result }) => target === FIRING_PAUSE_TARGET && result === SUCCEEDED));
}

/**
 * Returns the range of nominal times to read. Jitter and clock changes may move occurrences into the requested time.
 */
function rowRange({ jitterSeconds }: Schedule, { atMs, spans, gap }: Question): { fromMs: number; toMs: number } {
  if (gap !== null) {
    const lengthMs = gap.transition.newOffsetMs - gap.transition.oldOffsetMs;
    return { fromMs: atMs, toMs: atMs + lengthMs + 1 };
  }
  const fromMs = Math.min(...spans.map((span) => span.fromMs));
  return { fromMs: fromMs - jitterSeconds * 1000, toMs: Math.max(...spans.map((span) => span.untilMs)) };
}

/**
 * Parses the visible audit entries, and sorts them oldest first. The outbox and ClickHouse may have the same entry.
 */
function trailOf(
  { scope }: Deps,
  { scheduleId, window, documents }: { scheduleId: string; window: AuditWindow; documents: readonly string[] },
): TrailEntry[] {
  const found = [...new Set(documents)].flatMap((json) => {
    try {
      const entry = readAuditEntry(json);
      if (!isVisibleEntry(scope, entry) || targetsInWindow(window, entry).length === 0) return [];
      return readTrailEntry(scheduleId, json) ?? [];
    } catch (error) {
      if (isDataFault(error)) return [];
      throw error;
    }
  });
  return found.sort((a, b) => a.atMs - b.atMs);
}
