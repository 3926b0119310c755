import { fieldError } from "~/server/domain/errors";
import { runsLeftAt } from "~/server/domain/load/expected";
import { decideRecovery } from "~/server/domain/load/outage";
import { occurrencesOf, type PlannedOccurrence } from "~/server/domain/plan";
import type { RecurrenceSpec } from "~/server/domain/recurrence";
import type { NotRunCounts, OutageRow, ScheduleName, UpcomingOutage } from "~/server/domain/views";
import type { LoadFilter, LoadSpan, OutageGroup } from "~/server/ports/store/load";
import { createYielder } from "~/server/timing/yield-to-event-loop";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { iso } from "../schedules/view";
import { sharedAnswers, specOf } from "./groups";
import { filterOf, type OutageInput } from "./inputs";

const HOUR_MS = 3_600_000;
const MAX_OUTAGE_MS = 24 * HOUR_MS;
/** How far ahead an outage may begin, ms. */
const MAX_AHEAD_MS = 31 * 24 * HOUR_MS;
const MAX_GROUPS = 5000;
const MAX_SHOWN_GROUPS = 50;
/** Occurrences to compute before yielding to the event loop. */
const CHUNK = 2000;

/**
 * Predicts which occurrences would run after an outage of all workers. Throws `validation_failed` if the outage begins
 * in the past or too far ahead, or is empty or too long.
 */
export async function simulateOutage(call: { ctx: Ctx; input: OutageInput }): Promise<UpcomingOutage> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  const { deps } = ctx;
  const span = outageSpan(input, deps.clock.now());
  const filter = filterOf(input);
  const key = `outage ${JSON.stringify([span, filter])}`;
  const { value } = await sharedAnswers(deps).get(key, () => simulate(deps, { span, filter }));
  return value;
}

function outageSpan({ from: fromMs, to: toMs }: OutageInput, nowMs: number): LoadSpan {
  const refuse = (field: string, message: string, expected: string) =>
    fieldError("validation_failed", { field, message, expected });
  if (fromMs < nowMs) throw refuse("from", "is in the past", "a future time");
  if (fromMs > nowMs + MAX_AHEAD_MS) throw refuse("from", "is too far ahead", "a time within the next 31 days");
  if (toMs <= fromMs) throw refuse("to", "is not after from", "a time after from");
  if (toMs - fromMs > MAX_OUTAGE_MS)
    throw refuse("to", "is more than a day after from", "an outage of at most 24 hours");
  return { fromMs, toMs };
}

async function simulate(deps: Deps, { span, filter }: { span: LoadSpan; filter: LoadFilter }): Promise<UpcomingOutage> {
  const nowMs = deps.clock.now();
  const store = deps.store.shared;
  const [found, once] = await Promise.all([
    store.outageGroups({ ...span, filter, limit: MAX_GROUPS }),
    store.oneTimeDue({ ...span, filter }),
  ]);
  const rows: (Omit<OutageRow, "schedule"> & { sampleId: string | undefined })[] = [];
  let countedSchedules = 0;
  const dueOf = createDueOf(span);
  for (const group of found.groups) {
    const spec = specOf(group);
    if (spec === null) continue;
    countedSchedules += group.schedules;
    const runsLeft = runsLeftAt(spec, { runsLeft: group.runsLeft, nowMs, atMs: span.fromMs });
    const row = await outageRow(group, { spec, span, dueOf, runsLeft });
    if (row.due > 0) rows.push({ ...row, sampleId: group.sample[0] });
  }
  rows.sort((a, b) => b.due - a.due);
  const shown = rows.slice(0, MAX_SHOWN_GROUPS);
  const nameOf = await namesOfSingles(deps, shown);
  const sum = (countOf: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + countOf(row), 0);
  return {
    from: iso(span.fromMs),
    to: iso(span.toMs),
    schedules: sum((row) => row.schedules) + once.due,
    due: sum((row) => row.due) + once.due,
    runs: sum((row) => row.runs) + once.due - once.expired,
    caughtUp: sum((row) => (row.byCatchUp ? row.runs : 0)),
    notRun: totalOf([...rows.map((row) => row.notRun), once.expired > 0 ? { max_delay: once.expired } : {}]),
    oneTime: { due: once.due, runs: once.due - once.expired, expired: once.expired },
    groups: shown.map((row) => {
      const { sampleId: _, ...group } = row;
      return { ...group, schedule: nameOf(row) };
    }),
    moreGroups: Math.max(0, rows.length - MAX_SHOWN_GROUPS),
    coverage: { schedules: found.schedules + once.due, counted: countedSchedules + once.due },
    computedAt: iso(nowMs),
  };
}

/** A row, with the id of one of its schedules. */
interface Sampled {
  schedules: number;
  sampleId: string | undefined;
}

/** Reads the names of the schedules that are alone in their row. */
async function namesOfSingles(deps: Deps, rows: readonly Sampled[]): Promise<(row: Sampled) => ScheduleName | null> {
  const ids = rows.flatMap(({ schedules, sampleId }) => (schedules === 1 && sampleId ? [sampleId] : []));
  // Several callers wait for this answer, so an aborted request must not cancel the query.
  const members = await deps.store.shared.loadMembers(ids);
  const names = new Map(
    members.map(({ scheduleId, name, entityType, action, entityId }) => [
      scheduleId,
      { scheduleId, name, entityType, action, entityId },
    ]),
  );
  return ({ schedules, sampleId }) => (schedules === 1 && sampleId ? (names.get(sampleId) ?? null) : null);
}

/** Returns the occurrences of a schedule that are due in the outage. */
type DueOf = (spec: RecurrenceSpec, one: { scheduleId: string; jitterSeconds: number }) => Promise<PlannedOccurrence[]>;

/** Computes equal specs without jitter once. */
function createDueOf({ fromMs, toMs }: LoadSpan): DueOf {
  const known = new Map<string, PlannedOccurrence[]>();
  const yieldIfDue = createYielder();
  return async (spec, one) => {
    const key = one.jitterSeconds === 0 ? JSON.stringify(spec) : null;
    const cached = key === null ? undefined : known.get(key);
    if (cached !== undefined) return cached;
    const due: PlannedOccurrence[] = [];
    // Jitter may move an earlier occurrence into the outage.
    for (let afterMs = fromMs - one.jitterSeconds * 1000 - 1; ; ) {
      const found = occurrencesOf(
        { ...spec, startAt: spec.startAt ?? null, endAt: spec.endAt ?? null, ...one },
        { afterMs, untilMs: toMs, limit: CHUNK },
      );
      // At the end of the outage, the workers are back: a run of that moment fires on time.
      for (const time of found) if (time.effectiveMs >= fromMs && time.effectiveMs < toMs) due.push(time);
      const turn = yieldIfDue();
      if (turn) await turn;
      if (found.length < CHUNK) break;
      afterMs = (found.at(-1) as PlannedOccurrence).nominalMs;
    }
    if (key !== null) known.set(key, due);
    return due;
  };
}

/**
 * With jitter, the times of schedules differ. They are computed for a sample, and the counts are scaled to the group.
 */
async function outageRow(
  group: OutageGroup,
  context: { spec: RecurrenceSpec; span: LoadSpan; dueOf: DueOf; runsLeft: number | null },
): Promise<Omit<OutageRow, "schedule">> {
  const { cronExpression, timezone, jitterSeconds, catchUp, maxDelaySeconds, schedules } = group;
  const ids = jitterSeconds === 0 ? group.sample.slice(0, 1) : group.sample;
  let [due, runs, byCatchUp] = [0, 0, false];
  const notRun: NotRunCounts = {};
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const scheduleId of ids) {
    const times = await context.dueOf(context.spec, { scheduleId, jitterSeconds });
    const { toMs: outageEndMs } = context.span;
    const { runsLeft } = context;
    const recovery = decideRecovery({
      due: times,
      nowMs: outageEndMs,
      catchUp,
      maxDelaySeconds,
      runsLeft,
      recurring: true,
    });
    due += recovery.runs.length + recovery.notRun.length;
    runs += recovery.runs.length;
    byCatchUp ||= recovery.byCatchUp;
    for (const { why } of recovery.notRun) notRun[why] = (notRun[why] ?? 0) + 1;
    first = Math.min(first, recovery.runs[0]?.nominalMs ?? first);
    last = Math.max(last, recovery.runs.at(-1)?.nominalMs ?? last);
  }
  const scaled = (count: number) => Math.round((count * schedules) / Math.max(1, ids.length));
  for (const why of Object.keys(notRun) as (keyof NotRunCounts)[]) notRun[why] = scaled(notRun[why] ?? 0);
  return {
    ...{ cronExpression, timezone, maxDelaySeconds, schedules },
    policy: catchUp.policy,
    windowSeconds: catchUp.windowSeconds,
    catchUpMaxRuns: catchUp.maxRuns,
    due: scaled(due),
    runs: scaled(runs),
    byCatchUp,
    notRun,
    firstRun: Number.isFinite(first) ? iso(first) : null,
    lastRun: Number.isFinite(last) ? iso(last) : null,
  };
}

function totalOf(counts: readonly NotRunCounts[]): NotRunCounts {
  const total: NotRunCounts = {};
  for (const one of counts) {
    for (const why of Object.keys(one) as (keyof NotRunCounts)[]) total[why] = (total[why] ?? 0) + (one[why] ?? 0);
  }
  return total;
}
