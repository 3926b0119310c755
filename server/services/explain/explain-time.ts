import { isDataFault } from "~/server/domain/data-fault";
import { AppError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import { askedOccurrences, type ExplainFacts, explain } from "~/server/domain/explain/explain";
import { type Question, questionOf } from "~/server/domain/explain/question";
import { sentenceOf } from "~/server/domain/explain/sentence";
import { tellIn } from "~/server/domain/explain/tell";
import { readTrailEntry, TRAIL_ACTIONS, type TrailEntry } from "~/server/domain/explain/trail";
import { occurrenceKey } from "~/server/domain/ids";
import { LATEST_MS } from "~/server/domain/instant";
import type { Schedule } from "~/server/domain/schedule";
import type { ExplanationPage } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { lastWatch } from "../firing/watch-report";
import { findSchedule, OVERLAY_LIMIT } from "../schedules/current";
import type { ExplainTimeInput } from "./inputs";

/** Changes after the time asked for, which are all taken back, and before it: the last pause and edit count. */
const LATER_CHANGES = 500;
const EARLIER_CHANGES = 50;
/** A minute of every second, with its manual runs and replays. */
const ROWS = 200;

/**
 * Says why a schedule did, or did not, fire at a time, from the ledger, the audit trail and what is in flight. Answers
 * for deleted schedules too. Throws `not_found` for an id that never was, `timezone_unknown`.
 */
export async function explainTime(call: { ctx: Ctx; input: ExplainTimeInput }): Promise<ExplanationPage> {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const { scheduleId, at } = call.input;
  const schedule = await findSchedule(deps, scheduleId);
  if (schedule === null) throw new AppError("not_found", `No schedule has the id ${scheduleId}.`);
  const { timezone } = schedule;
  const question = questionOf(at, timezone);
  const tell = tellIn(timezone);
  const answers = explain(await gather(deps, schedule, question));
  return {
    scheduleId,
    timezone,
    currentVersion: schedule.version,
    answers: answers.map((one) => ({ ...one, sentence: sentenceOf(one, tell) })),
  };
}

async function gather(deps: Deps, schedule: Schedule, question: Question): Promise<ExplainFacts> {
  const { trail, rows } = await recorded(deps, schedule, question);
  const keys = askedOccurrences({ question, schedule, trail }).map((one) => keyOf(schedule, one.nominalMs));
  const unsettled = keys.filter((key) => !rows.some((row) => row.key === key));
  const inFlight = await deps.hot.inFlight(unsettled);
  const isHeld = [...inFlight.values()].some((one) => one.isHeld);
  const isMissing = unsettled.some((key) => !inFlight.has(key));
  const [breakers, watch, again] = await Promise.all([
    isHeld ? deps.hot.breakers() : null,
    isMissing ? lastWatch(deps) : null,
    // One that ended between the two reads is in neither; the second read finds it.
    isMissing ? recorded(deps, schedule, question) : null,
  ]);
  return {
    question,
    schedule,
    trail: again?.trail ?? trail,
    rows: again?.rows ?? rows,
    inFlight,
    breaker: breakers?.get(`topic:${schedule.topic}`) ?? null,
    watch,
    keptDays: deps.settings.current().executionHistoryTtlDays,
    nowMs: deps.clock.now(),
  };
}

const keyOf = ({ scheduleId }: Schedule, nominalMs: number) => occurrenceKey(scheduleId, nominalMs);

/** The rows around the time and the changes of the schedule; those that ClickHouse does not have yet included. */
async function recorded(
  deps: Deps,
  schedule: Schedule,
  question: Question,
): Promise<{ trail: TrailEntry[]; rows: StoredExecution[] }> {
  const { scheduleId } = schedule;
  const range = rowRange(schedule, question);
  const change = { target: scheduleId, actions: TRAIL_ACTIONS };
  // The outbox first: a row that is recorded between the reads is found by one of them.
  const unflushed = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const [ledger, later, earlier] = await Promise.all([
    deps.store.listExecutions({ scheduleId, ...range, limit: ROWS }),
    deps.store.auditOf({ ...change, fromMs: question.atMs, toMs: LATEST_MS, limit: LATER_CHANGES }),
    deps.store.auditOf({ ...change, fromMs: 0, toMs: question.atMs, limit: EARLIER_CHANGES }),
  ]);
  const known = new Set(ledger.items.map((row) => row.executionId));
  const fresh = unflushed.executions.filter(
    (row) =>
      row.scheduleId === scheduleId &&
      row.scheduledFor >= range.fromMs &&
      row.scheduledFor < range.toMs &&
      !known.has(row.executionId),
  );
  const own = unflushed.audit.filter((json) => json.includes(scheduleId));
  return { rows: [...fresh, ...ledger.items], trail: trailOf(scheduleId, [...own, ...later, ...earlier]) };
}

/** Of nominal times: jitter brings earlier ones into the time asked for, a change of the clocks moves others. */
function rowRange({ jitterSeconds }: Schedule, { atMs, spans, gap }: Question): { fromMs: number; toMs: number } {
  if (gap !== null) {
    const lengthMs = gap.gap.afterMs - gap.gap.beforeMs;
    return { fromMs: atMs, toMs: atMs + lengthMs + 1 };
  }
  const fromMs = Math.min(...spans.map((span) => span.fromMs));
  return { fromMs: fromMs - jitterSeconds * 1000, toMs: Math.max(...spans.map((span) => span.untilMs)) };
}

/** Oldest first, each once: an entry that was recorded between the reads is in both. */
function trailOf(scheduleId: string, documents: readonly string[]): TrailEntry[] {
  const found = [...new Set(documents)].flatMap((json) => {
    try {
      return readTrailEntry(scheduleId, json) ?? [];
    } catch (error) {
      if (isDataFault(error)) return [];
      throw error;
    }
  });
  return found.sort((a, b) => a.atMs - b.atMs);
}
