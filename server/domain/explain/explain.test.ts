import { describe, expect, it } from "vitest";
import { anExecution } from "~/server/testing/executions";
import { aSchedule } from "~/server/testing/schedules";
import { readAuditEntry } from "../audit/entry";
import { eventId, occurrenceKey } from "../ids";
import { localTime } from "../recurrence/preview";
import type { Schedule } from "../schedule";
import { type ExplainInput, explain, type InFlightState } from "./explain";
import { firingPausesIn } from "./firing-pauses";
import { questionOf } from "./question";
import { sentenceOf } from "./sentence";
import { readTrailEntry, type TrailEntry } from "./trail";

const ZONE = "Europe/Berlin";
const CREATED = Date.parse("2026-11-01T12:00:00Z");
const NOW = Date.parse("2026-11-28T12:00:00Z");
/** 08:00 on 27 Nov 2026 in Berlin. */
const EIGHT = Date.parse("2026-11-27T07:00:00Z");
const berlin = (clock: string, day = "2026-11-27") => Date.parse(`${day}T${clock}:00+01:00`);
const format = (ms: number) => {
  const text = localTime(ZONE, ms);
  return { clock: text.slice(11, text.slice(16, 19) === ":00" ? 16 : 19), date: text.slice(0, 10) };
};

function daily(over: Parameters<typeof aSchedule>[0] = {}): Schedule {
  return aSchedule({
    scheduleId: "0190f3a0-0000-7000-8000-000000000001",
    cronExpression: "0 8 * * *",
    timezone: ZONE,
    createdAt: CREATED,
    createdBy: "ana@x.org",
    ...over,
    state: { nextExecution: Date.parse("2026-11-29T07:00:00Z"), ...over.state },
  });
}

const KEY = occurrenceKey(daily().scheduleId, EIGHT);
const row = (over: Parameters<typeof anExecution>[0] = {}) =>
  anExecution({ scheduleId: daily().scheduleId, scheduledFor: EIGHT, ...over });
const notPublished = { firedAt: null, attempts: [] };
const flight = (over: Partial<InFlightState>) =>
  new Map([[KEY, { attempts: [], isHeld: false, dueAtMs: null, ...over }]]);
const attempt = { n: 1, at: EIGHT, durationMs: 3, workerId: "w", errorClass: "publish", error: "no leader" };

function entry(action: string, atMs: number, over: object = {}): TrailEntry {
  const json = JSON.stringify({ id: "x", at: atMs, action, target: "t", actor: "ana@x.org", ...over });
  return readTrailEntry("t", json) as TrailEntry;
}
const create = entry("schedule.create", CREATED);
const paused = entry("schedule.pause", berlin("07:12"), { note: "provider down" });
const resumed = entry("schedule.resume", berlin("09:30"));
const editOf = (atMs: number, before: object, after: object) =>
  entry("schedule.edit", atMs, {
    before: { version: 1, ...before },
    after: { version: 2, plannedSince: atMs, ...after },
  });

function answersTo(over: Partial<ExplainInput> & { at?: number; local?: string } = {}) {
  const { at = EIGHT, local, ...rest } = over;
  const isLocal = local !== undefined;
  const ms = isLocal ? Date.parse(`${local}:00Z`) : at;
  const question = questionOf({ ms, isLocal, hasMinutePrecision: at % 60_000 === 0 }, ZONE);
  const input: ExplainInput = {
    question,
    schedule: daily(),
    trail: [create],
    rows: [],
    inFlight: new Map(),
    breaker: null,
    firingPauses: [],
    watch: null,
    keptDays: 90,
    nowMs: NOW,
    ...rest,
  };
  return explain(input);
}

const ask = (over: Parameters<typeof answersTo>[0]) =>
  answersTo(over).map((one) => [one.kind, sentenceOf(one, format)]);

const CASES: [what: string, over: Parameters<typeof ask>[0], kind: string, sentence: string][] = [
  ["fired on time", { rows: [row()] }, "fired", "08:00 on 2026-11-27 fired at 08:00, on time."],
  [
    "fired late, after two attempts",
    {
      rows: [row({ firedAt: EIGHT + 95_000, latenessMs: 95_000, late: true, attempts: [attempt, attempt] })],
    },
    "fired",
    "08:00 on 2026-11-27 fired at 08:01:35, 1 min 35 s late after 2 attempts.",
  ],
  [
    "fired as a catch-up run the next day",
    { rows: [row({ trigger: "catch_up", firedAt: EIGHT + 86_400_000, latenessMs: 86_400_000, late: true })] },
    "fired",
    "08:00 on 2026-11-27 fired as a catch-up run at 08:00 on 2026-11-28, 1 d late.",
  ],
  [
    "run manually at a time that is not planned",
    {
      at: EIGHT + 3_600_000,
      rows: [row({ key: "x@manual:1", trigger: "manual", actor: "bob", scheduledFor: EIGHT + 3_605_000 })],
    },
    "fired",
    "09:00:05 on 2026-11-27 was run manually by bob and published at 09:00:05.",
  ],
  [
    "running",
    { inFlight: flight({ attempts: [attempt] }) },
    "running",
    "08:00 on 2026-11-27 is running: a worker is publishing it (attempt 2).",
  ],
  [
    "waiting",
    { inFlight: flight({ dueAtMs: EIGHT }) },
    "waiting",
    "08:00 on 2026-11-27 is due and is waiting for a worker.",
  ],
  [
    "retrying",
    { inFlight: flight({ attempts: [attempt], dueAtMs: berlin("08:05") }) },
    "retrying",
    "08:00 on 2026-11-27 is retrying: 1 attempt failed (no leader). The next attempt is at 08:05.",
  ],
  [
    "held by a breaker",
    {
      inFlight: flight({ isHeld: true }),
      breaker: {
        state: "open",
        failures: 5,
        openedAtMs: berlin("07:58"),
        nextTrialAtMs: berlin("08:02"),
        trial: null,
        error: "no leader",
      },
    },
    "held",
    "08:00 on 2026-11-27 is held: the breaker of the topic user.notifications is open since 07:58. The next trial is at 08:02.",
  ],
  [
    "dead, and replayed since",
    {
      rows: [
        row({ ...notPublished, attempts: [attempt], outcome: "dead", reason: "retries_used_up", error: "no leader" }),
        row({ key: `${KEY}:replay:1` }),
      ],
    },
    "dead",
    "08:00 on 2026-11-27 is dead after 1 attempt: no leader. A later replay was published.",
  ],
  [
    "expired",
    { rows: [row({ ...notPublished, outcome: "expired", reason: "max_delay", latenessMs: 3_700_000 })] },
    "expired",
    "08:00 on 2026-11-27 expired: it was 1 h 1 min late, more than the maximum delay allows.",
  ],
  [
    "cancelled",
    {
      rows: [row({ ...notPublished, outcome: "cancelled", reason: "deleted", actor: "bob", endedAt: berlin("08:10") })],
    },
    "cancelled",
    "08:00 on 2026-11-27 was cancelled at 08:10, because the schedule was deleted by bob.",
  ],
  [
    "skipped by a pause in the audit trail",
    {
      trail: [create, paused, resumed],
      rows: [row({ ...notPublished, outcome: "skipped", reason: "paused", endedAt: berlin("09:30") })],
    },
    "skipped",
    "08:00 on 2026-11-27 was skipped: paused by ana@x.org at 07:12, note 'provider down'. It was resumed at 09:30 by ana@x.org.",
  ],
  [
    "skipped by a pause that is not in the audit trail",
    { rows: [row({ ...notPublished, outcome: "skipped", reason: "paused", actor: "bob", note: "INC-1" })] },
    "skipped",
    "08:00 on 2026-11-27 was skipped: paused by bob, note 'INC-1'.",
  ],
  [
    "skipped by the catch-up policy",
    { rows: [row({ ...notPublished, outcome: "skipped", reason: "catch_up_policy", latenessMs: 7_200_000 })] },
    "skipped",
    "08:00 on 2026-11-27 was skipped: it was found 2 h late, and the catch-up policy did not select it.",
  ],
  [
    "skipped by an edit",
    {
      trail: [create, editOf(berlin("08:03"), { cronExpression: "0 8 * * *" }, { cronExpression: "0 9 * * *" })],
      schedule: daily({ cronExpression: "0 9 * * *", version: 2, plannedSince: berlin("08:03") }),
      rows: [row({ ...notPublished, outcome: "skipped", reason: "superseded_by_edit", endedAt: berlin("08:03") })],
    },
    "skipped",
    "08:00 on 2026-11-27 was skipped: an edit by ana@x.org at 08:03 (version 2) replaced it before a worker claimed it.",
  ],
  [
    "skipped because max_runs was used up",
    { rows: [row({ ...notPublished, outcome: "skipped", reason: "schedule_ended" })] },
    "skipped",
    "08:00 on 2026-11-27 was skipped: it comes after the last run that the schedule allows.",
  ],
  [
    "skipped for a reason that this release does not know",
    { rows: [{ ...row({ ...notPublished, outcome: "skipped" }), reason: "new_reason" }] },
    "skipped",
    "08:00 on 2026-11-27 was skipped: new reason.",
  ],
  ["not due yet", { at: berlin("08:00", "2026-11-29") }, "upcoming", "08:00 on 2026-11-29 is planned and not due yet."],
  [
    "overdue",
    { schedule: daily({ state: { nextExecution: EIGHT } }) },
    "overdue",
    "08:00 on 2026-11-27 is overdue: no worker has claimed it yet. Workers are behind, stopped, or cannot reach the bus (see System).",
  ],
  [
    "during a pause without an end",
    {
      schedule: daily({
        enabled: false,
        pausedBy: "ana@x.org",
        pausedAt: berlin("07:12"),
        pauseNote: "provider down",
        state: { nextExecution: null },
      }),
    },
    "paused",
    "08:00 on 2026-11-27 did not fire: the schedule has been paused since 07:12 (by ana@x.org, note 'provider down'). The pause has no end.",
  ],
  [
    "before the end of a pause",
    {
      at: berlin("08:00", "2026-11-29"),
      schedule: daily({
        enabled: false,
        pausedBy: "ana@x.org",
        pausedAt: berlin("07:12", "2026-11-28"),
        pausedUntil: berlin("10:00", "2026-11-29"),
        state: { nextExecution: null },
      }),
    },
    "paused",
    "08:00 on 2026-11-29 will not fire: the schedule has been paused since 07:12 on 2026-11-28 (by ana@x.org). The pause ends at 10:00.",
  ],
  [
    "after the end of a pause",
    {
      at: berlin("08:00", "2026-11-29"),
      schedule: daily({ enabled: false, pausedAt: NOW, pausedUntil: NOW + 1, state: { nextExecution: null } }),
    },
    "upcoming",
    "08:00 on 2026-11-29 is planned and not due yet.",
  ],
  [
    "beyond max_runs",
    { at: berlin("08:00", "2026-12-09"), schedule: daily({ maxRuns: 5, state: { runsTaken: 3 } }) },
    "completed",
    "08:00 on 2026-12-09 does not run: the schedule ends after 5 runs.",
  ],
  [
    "after the last run of max_runs",
    {
      at: berlin("08:00"),
      schedule: daily({ maxRuns: 1, state: { completed: true, runsTaken: 1, nextExecution: null } }),
    },
    "completed",
    "08:00 on 2026-11-27 does not run: the schedule ends after 1 run.",
  ],
  [
    "after a delete",
    {
      schedule: daily({ state: { deleted: true, nextExecution: null } }),
      trail: [create, entry("schedule.delete", berlin("07:30"))],
    },
    "deleted",
    "08:00 on 2026-11-27 does not fire: the schedule was deleted by ana@x.org at 07:30, before this time.",
  ],
  [
    "after a delete that is not in the audit trail, at a time that is not planned",
    {
      at: berlin("09:00"),
      schedule: daily({ updatedAt: berlin("07:30"), state: { deleted: true, nextExecution: null } }),
    },
    "deleted",
    "09:00 on 2026-11-27 does not fire: the schedule was deleted at 07:30 (version 1), before this time.",
  ],
  [
    "before the creation",
    { at: berlin("08:00", "2026-10-30") },
    "before_creation",
    "08:00 on 2026-10-30 did not fire: the schedule was created later, by ana@x.org at 13:00 on 2026-11-01. The next planned time is 08:00 on 2026-11-02.",
  ],
  [
    "before the start",
    { schedule: daily({ startAt: berlin("00:00", "2026-12-01") }) },
    "before_start",
    "08:00 on 2026-11-27 is before the schedule's start, 00:00 on 2026-12-01. The next planned time is 08:00 on 2026-12-01.",
  ],
  [
    "after the end",
    { schedule: daily({ endAt: berlin("00:00", "2026-11-20"), state: { completed: true, nextExecution: null } }) },
    "after_end",
    "08:00 on 2026-11-27 is after the schedule's end, 00:00 on 2026-11-20. Its last planned time was 08:00 on 2026-11-19.",
  ],
  [
    "not planned",
    { at: berlin("09:00") },
    "not_planned",
    "09:00 on 2026-11-27 is not in the plan. The planned time before it is 08:00; the next is 08:00 on 2026-11-28.",
  ],
  [
    "not the time of a one-time schedule",
    { at: berlin("09:00"), schedule: daily({ cronExpression: null, executionTime: EIGHT }) },
    "not_planned",
    "09:00 on 2026-11-27 is not in the plan. The last planned time before it is 08:00; none follows.",
  ],
  [
    "planned by a later version",
    {
      trail: [create, editOf(berlin("10:00"), { cronExpression: "0 9 * * *" }, { cronExpression: "0 8 * * *" })],
      schedule: daily({ version: 2, plannedSince: berlin("10:00") }),
    },
    "edited",
    "08:00 on 2026-11-27 was not in the plan: it was added later by an edit by ana@x.org at 10:00 (version 2). Version 1 was in force. The planned time before it is 09:00 on 2026-11-26; the next is 09:00.",
  ],
  [
    "planned by an earlier version",
    {
      trail: [create, editOf(berlin("07:00"), { cronExpression: "0 8 * * *" }, { cronExpression: "0 9 * * *" })],
      schedule: daily({ cronExpression: "0 9 * * *", version: 2, plannedSince: berlin("07:00") }),
    },
    "edited",
    "08:00 on 2026-11-27 was not in the plan: it was removed by an edit by ana@x.org at 07:00 (version 2). Version 2 was in force. The planned time before it is 09:00 on 2026-11-26; the next is 09:00.",
  ],
  [
    "older than the retention of the history",
    { keptDays: 1, nowMs: NOW + 86_400_000 },
    "no_history",
    "Nothing is known about 08:00 on 2026-11-27: the history is kept for 1 day.",
  ],
  [
    "planned without a record, compared by the watchdog",
    { watch: { until: new Date(NOW).toISOString(), unexplained: [] } },
    "unknown",
    "08:00 on 2026-11-27 was planned and has no record. The watchdog's last check went up to 13:00 on 2026-11-28 and does not list this run as missing; it may have been before the range of that check.",
  ],
  [
    "planned without a record, not compared yet",
    { watch: { until: new Date(EIGHT).toISOString(), unexplained: [] } },
    "unknown",
    "08:00 on 2026-11-27 was planned and has no record. The watchdog has checked only what was due before 08:00.",
  ],
  [
    "missing again after the watchdog put it back",
    { watch: { until: new Date(NOW).toISOString(), unexplained: [KEY] } },
    "unknown",
    "08:00 on 2026-11-27 has no record: the watchdog put it back once, and it is missing again.",
  ],
  [
    "older than the audit trail",
    { trail: [], schedule: daily({ plannedSince: NOW - 1000 }), at: berlin("09:00") },
    "unknown",
    "Nothing is recorded about 09:00 on 2026-11-27: the audit trail does not reach back to the definition that was in force.",
  ],
];

describe("an occurrence that is", () => {
  it.each(CASES)("%s", (_, over, kind, sentence) => {
    expect(ask(over)).toEqual([[kind, sentence]]);
  });
});

describe("a pause of all firing", () => {
  const { state, ...fields } = daily();
  const overdue: Schedule = { ...fields, state: { ...state, nextExecution: EIGHT } };
  const firingPauseEntry = (verb: string, atMs: number, over: object = {}) =>
    readAuditEntry(
      JSON.stringify({
        ...{ id: `x${atMs}`, at: atMs, action: verb, target: "firing", actor: "ana@x.org", via: "session" },
        ...over,
      }),
    );
  const pause = firingPauseEntry("system.pause_all", berlin("07:12"), { note: "provider down" });
  const resume = firingPauseEntry("system.resume_all", berlin("09:30"), { actor: "bob@x.org" });
  const pauseWithEnd = firingPauseEntry("system.pause_all", berlin("07:12"), {
    after: { until: "2026-11-27T08:00:00.000Z" },
  });
  const lateRow = row({ ...notPublished, outcome: "skipped", reason: "catch_up_policy", latenessMs: 5_400_000 });
  const laterPause = firingPauseEntry("system.pause_all", berlin("09:45"));
  const PAUSED_LATER = "All firing has been paused since 09:45 (by ana@x.org). The pause has no end.";
  const NO_WORKER = "no worker has claimed it yet. Workers are behind, stopped, or cannot reach the bus (see System).";
  const RESUMED =
    "All firing was paused by ana@x.org at 07:12, note 'provider down'. It was resumed at 09:30 by bob@x.org.";

  it.each<[what: string, over: Parameters<typeof ask>[0], kind: string, sentence: string]>([
    [
      "is overdue while the pause lasts",
      { schedule: overdue, firingPauses: firingPausesIn([pause]) },
      "overdue",
      "08:00 on 2026-11-27 is due and waits until firing is resumed. All firing has been paused since 07:12 (by ana@x.org, note 'provider down'). The pause has no end.",
    ],
    [
      "is overdue since before a pause that lasts",
      { schedule: overdue, firingPauses: firingPausesIn([laterPause]) },
      "overdue",
      `08:00 on 2026-11-27 is due and waits until firing is resumed. ${PAUSED_LATER}`,
    ],
    [
      "is overdue after the pause",
      { schedule: overdue, firingPauses: firingPausesIn([pause, resume]) },
      "overdue",
      `08:00 on 2026-11-27 is overdue: ${NO_WORKER} ${RESUMED}`,
    ],
    [
      "is overdue after the pause's planned end, which the audit trail does not have yet",
      { schedule: overdue, firingPauses: firingPausesIn([pauseWithEnd]) },
      "overdue",
      `08:00 on 2026-11-27 is overdue: ${NO_WORKER} All firing was paused by ana@x.org at 07:12. It was resumed at 09:00.`,
    ],
    [
      "is overdue in a second pause",
      { schedule: overdue, firingPauses: firingPausesIn([pause, resume, laterPause]) },
      "overdue",
      `08:00 on 2026-11-27 is due and waits until firing is resumed. ${PAUSED_LATER}`,
    ],
    [
      "is waiting for a worker since before a pause that lasts",
      { inFlight: flight({ dueAtMs: EIGHT }), firingPauses: firingPausesIn([laterPause]) },
      "waiting",
      `08:00 on 2026-11-27 is due and waits until firing is resumed. ${PAUSED_LATER}`,
    ],
    [
      "is waiting for a worker after the pause",
      { inFlight: flight({ dueAtMs: EIGHT }), firingPauses: firingPausesIn([pause, resume]) },
      "waiting",
      `08:00 on 2026-11-27 is due and is waiting for a worker. ${RESUMED}`,
    ],
    [
      "is retrying in a pause that began later",
      {
        inFlight: flight({ attempts: [attempt], dueAtMs: berlin("09:50") }),
        firingPauses: firingPausesIn([laterPause]),
      },
      "retrying",
      `08:00 on 2026-11-27 is retrying: 1 attempt failed (no leader). The next attempt is at 09:50. ${PAUSED_LATER}`,
    ],
    [
      "is held in a pause that began later",
      { inFlight: flight({ isHeld: true }), firingPauses: firingPausesIn([laterPause]) },
      "held",
      `08:00 on 2026-11-27 is held: the breaker of the topic user.notifications is open. ${PAUSED_LATER}`,
    ],
    [
      "fired before a pause does not mention the pause",
      { rows: [row()], firingPauses: firingPausesIn([laterPause]) },
      "fired",
      "08:00 on 2026-11-27 fired at 08:00, on time.",
    ],
    [
      "is skipped by its catch-up policy after the pause",
      { rows: [lateRow], firingPauses: firingPausesIn([pause, resume]) },
      "skipped",
      `08:00 on 2026-11-27 was skipped: it was found 1 h 30 min late, and the catch-up policy did not select it. ${RESUMED}`,
    ],
    [
      "fires late after the pause's planned end, which the audit trail recorded later",
      {
        rows: [row({ firedAt: berlin("09:00"), latenessMs: 3_600_000, late: true })],
        firingPauses: firingPausesIn([
          pauseWithEnd,
          firingPauseEntry("system.resume_all", berlin("09:05"), { actor: "system" }),
        ]),
      },
      "fired",
      "08:00 on 2026-11-27 fired at 09:00, 1 h late. All firing was paused by ana@x.org at 07:12. It was resumed at 09:00 by system.",
    ],
    [
      "that a person started does not mention the pause",
      { rows: [row({ trigger: "manual", actor: "bob" })], firingPauses: firingPausesIn([pause]) },
      "fired",
      "08:00 on 2026-11-27 was run manually by bob and published at 08:00.",
    ],
    [
      "does not mention a pause that had ended",
      { rows: [row()], firingPauses: firingPausesIn([pause, firingPauseEntry("system.resume_all", berlin("07:30"))]) },
      "fired",
      "08:00 on 2026-11-27 fired at 08:00, on time.",
    ],
  ])("an occurrence %s", (_, over, kind, sentence) => {
    expect(ask(over)).toEqual([[kind, sentence]]);
  });

  it("is one pause even if its note or its end was changed", () => {
    const until = new Date(berlin("10:00")).toISOString();
    const changes = { note: "still down", after: { until }, actor: "bob@x.org" };
    const changedPause = firingPauseEntry("system.pause_all", berlin("07:40"), changes);
    expect(firingPausesIn([resume, changedPause, pause])).toMatchObject([
      { at: "2026-11-27T06:12:00.000Z", actor: "bob@x.org", note: "still down", until, resumedBy: "bob@x.org" },
    ]);
  });
});

describe("the audit entry", () => {
  it.each([
    [
      "the pause that skipped a run",
      {
        trail: [create, paused, resumed],
        rows: [row({ ...notPublished, outcome: "skipped", reason: "paused", endedAt: berlin("08:00") })],
      },
      { pause: { entryId: "x" } },
    ],
    [
      "the edit that removed a time",
      {
        trail: [create, editOf(berlin("07:30"), { cronExpression: "0 8 * * *" }, { cronExpression: "0 9 * * *" })],
        schedule: daily({ cronExpression: "0 9 * * *", version: 2 }),
      },
      { edit: { entryId: "x", version: 2 } },
    ],
  ])("of %s is named", (_, over, fact) => {
    expect(answersTo(over)[0]).toMatchObject(fact);
  });
});

describe("a local time", () => {
  const nowMs = Date.parse("2026-03-20T00:00:00Z");
  const createdAt = Date.parse("2026-01-01T00:00:00Z");
  const night = (over: object = {}) =>
    daily({ createdAt, state: { nextExecution: null }, cronExpression: "30 2 * * *", ...over });

  it.each([
    [
      "first_valid",
      "30 2 * * *",
      "upcoming",
      "03:00 on 2026-03-29 is planned and not due yet. 02:30 does not exist on this day, so the run was moved to 03:00.",
    ],
    [
      "shift",
      "30 2 * * *",
      "upcoming",
      "03:30 on 2026-03-29 is planned and not due yet. 02:30 does not exist on this day, so the run was moved to 03:30.",
    ],
    [
      "skip",
      "30 2 * * *",
      "dst_gap",
      "03:30 on 2026-03-29 is not in the plan: 02:30 does not exist on this day, and the schedule skips such times. The next planned time is 02:30 on 2026-03-30.",
    ],
    [
      "first_valid",
      "0 8 * * *",
      "not_planned",
      "03:00 on 2026-03-29 is not in the plan. The planned time before it is 08:00 on 2026-03-28; the next is 08:00. 02:30 does not exist on this day.",
    ],
  ] as const)("in a gap, with %s and %s", (dstGap, cronExpression, kind, sentence) => {
    const schedule = night({ dstGap, cronExpression });
    expect(ask({ local: "2026-03-29T02:30", schedule, nowMs })).toEqual([[kind, sentence]]);
  });

  it("in a gap is explained by its ledger row, if there is one", () => {
    const schedule = night({ dstGap: "skip" });
    const at = Date.parse("2026-03-29T01:30:00Z");
    const rows = [
      anExecution({
        scheduleId: schedule.scheduleId,
        scheduledFor: at,
        outcome: "skipped",
        reason: "dst_gap",
        ...notPublished,
      }),
    ];
    expect(ask({ local: "2026-03-29T02:30", schedule, rows, nowMs })).toEqual([
      [
        "skipped",
        "03:30 on 2026-03-29 was skipped: its local time does not exist on this day, and the schedule skips such times.",
      ],
    ]);
  });

  const october = Date.parse("2026-10-20T00:00:00Z");
  it("that occurs twice means the pass that fires; an instant in the other pass is explained as not planned", () => {
    const schedule = night();
    const first =
      "02:30 on 2026-10-25 is planned and not due yet. 02:30 occurs twice on this day; this is the first pass.";
    expect(ask({ local: "2026-10-25T02:30", schedule, nowMs: october })).toEqual([["upcoming", first]]);
    const second =
      "02:30 on 2026-10-25 is not in the plan: 02:30 occurs twice on this day, and the schedule runs in the other pass.";
    expect(ask({ at: Date.parse("2026-10-25T01:30:00Z"), schedule, nowMs: october })).toEqual([
      ["dst_overlap", second],
    ]);
    const neither = second.replace("in the other pass", "in neither pass");
    const startsBetween = { ...schedule, startAt: Date.parse("2026-10-25T01:00:00Z") };
    expect(ask({ at: Date.parse("2026-10-25T01:30:00Z"), schedule: startsBetween, nowMs: october })).toEqual([
      ["dst_overlap", neither],
    ]);
  });
});

describe("a time to the minute", () => {
  it("covers its minute, and a time with seconds covers one second", () => {
    const schedule = daily({ cronExpression: "*/20 * * * * *" });
    const at = (second: number) => EIGHT + second * 1000;
    const rows = [0, 20, 40].map((second) => row({ scheduledFor: at(second) }));
    expect(ask({ schedule, rows }).map(([, text]) => text)).toEqual([
      "08:00 on 2026-11-27 fired at 08:00, on time.",
      "08:00:20 on 2026-11-27 fired at 08:00:20, on time.",
      "08:00:40 on 2026-11-27 fired at 08:00:40, on time.",
    ]);
    expect(ask({ schedule, rows, at: at(20) })).toHaveLength(1);
    expect(ask({ schedule, rows, at: at(21) })).toMatchObject([
      ["not_planned", expect.stringContaining("08:00:20; the next is 08:00:40")],
    ]);
  });

  it("finds an occurrence that jitter moved into that minute", () => {
    const schedule = daily({ jitterSeconds: 3600 });
    const at = berlin("08:00", "2026-11-29");
    const [[, sentence = ""] = []] = ask({ schedule, at });
    const effective = /fires at (\d\d:\d\d)/.exec(sentence)?.[1] ?? "";
    expect(ask({ schedule, at: berlin(effective, "2026-11-29") })).toEqual([["upcoming", sentence]]);
  });
});

it("an execution in flight has the id of its later ledger row", () => {
  const [one] = explain({
    question: questionOf({ ms: EIGHT, isLocal: false, hasMinutePrecision: true }, ZONE),
    schedule: daily(),
    trail: [],
    rows: [],
    inFlight: flight({}),
    breaker: null,
    firingPauses: [],
    watch: null,
    keptDays: 90,
    nowMs: NOW,
  });
  expect(one).toMatchObject({ kind: "running", executionId: eventId(KEY) });
});
