/**
 * Compares the recurrence core with a slow, simple implementation, which goes minute by minute through the days around
 * each clock change, takes the local time from Intl, and applies the table of semantics §3. Both implementations share
 * only the cron text.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DstGap, DstOverlap } from "../schedule";
import { skippedByDst } from "./dst";
import { occurrences } from "./next";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Days around a clock change, or any days for zones without one. */
const PLACES: readonly [zone: string, around: string][] = [
  ["America/New_York", "2026-03-08T07:00Z"],
  ["America/New_York", "2026-11-01T06:00Z"],
  ["Europe/Berlin", "2026-03-29T01:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00Z"],
  ["Europe/London", "2027-03-28T01:00Z"],
  ["Europe/London", "2027-10-31T01:00Z"],
  ["America/Santiago", "2026-04-05T03:00Z"],
  ["America/Santiago", "2026-09-06T04:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30Z"],
  ["Africa/Casablanca", "2026-02-15T02:00Z"],
  ["Africa/Casablanca", "2026-03-22T02:00Z"],
  ["Africa/Cairo", "2026-04-23T22:00Z"],
  ["Africa/Cairo", "2026-10-29T21:00Z"],
  ["Asia/Kathmandu", "2026-01-01T00:00Z"],
  ["UTC", "2028-02-29T00:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00Z"],
];

/** A minute of real time, and the local time at its start as if UTC. Epoch ms. */
interface Row {
  instant: number;
  wall: number;
}
interface Walk {
  zone: string;
  /** Every minute of the days around the clock change. */
  rows: Row[];
  /** The instants at which the clock shows a local time. */
  byWall: Map<number, number[]>;
  /** The inner days, which are compared. */
  fromMs: number;
  untilMs: number;
}

function walk(zone: string, around: string): Walk {
  const centre = Date.parse(around);
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const rows: Row[] = [];
  const byWall = new Map<number, number[]>();
  for (let instant = centre - 4 * DAY_MS; instant <= centre + 4 * DAY_MS; instant += MINUTE_MS) {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = format.format(instant).split(/\D+/).map(Number);
    const wall = Date.UTC(year, month - 1, day, hour, minute);
    rows.push({ instant, wall });
    byWall.set(wall, [...(byWall.get(wall) ?? []), instant]);
  }
  return { zone, rows, byWall, fromMs: centre - 2 * DAY_MS, untilMs: centre + 2 * DAY_MS };
}

/** One cron field: its text and its values. */
interface Field {
  text: string;
  /** Has `*` or a step. If the minute or the hour is open, the job is an interval job. */
  isOpen: boolean;
  has: (value: number) => boolean;
}

const fieldOf = (min: number, max: number, maxLength: number): fc.Arbitrary<Field> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<Field>({ text: "*", isOpen: true, has: () => true }) },
    {
      weight: 5,
      arbitrary: fc
        .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength })
        .map((values): Field => ({ text: values.join(","), isOpen: false, has: (value) => values.includes(value) })),
    },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 2, max: 20 })
        .map((step): Field => ({ text: `*/${step}`, isOpen: true, has: (value) => (value - min) % step === 0 })),
    },
  );

const secondOf = fc.constantFrom<readonly number[]>([0], [0], [0], [15, 45], [59]);
// Clocks change in the early hours, so early hours are drawn more often.
const hourOf = fc.oneof(fieldOf(0, 3, 3), fieldOf(0, 23, 6));
const weekdayOf = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Field>({ text: "*", isOpen: true, has: () => true }) },
  { weight: 1, arbitrary: fieldOf(0, 6, 3) },
);
const monthdayOf = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Field>({ text: "*", isOpen: true, has: () => true }) },
  { weight: 1, arbitrary: fieldOf(1, 31, 8) },
);

interface Job {
  place: number;
  seconds: readonly number[];
  minute: Field;
  hour: Field;
  monthday: Field;
  weekday: Field;
  dstGap: DstGap;
  dstOverlap: DstOverlap;
}

const anyJob: fc.Arbitrary<Job> = fc.record({
  place: fc.nat(PLACES.length - 1),
  seconds: secondOf,
  minute: fieldOf(0, 59, 5),
  hour: hourOf,
  monthday: monthdayOf,
  weekday: weekdayOf,
  dstGap: fc.constantFrom<DstGap>("first_valid", "skip", "shift"),
  dstOverlap: fc.constantFrom<DstOverlap>("first", "second", "both"),
});

const cronOf = ({ seconds, minute, hour, monthday, weekday }: Job) =>
  `${seconds.join(",")} ${minute.text} ${hour.text} ${monthday.text} * ${weekday.text}`;

function matches({ minute, hour, monthday, weekday }: Job, wall: number): boolean {
  const date = new Date(wall);
  if (!minute.has(date.getUTCMinutes()) || !hour.has(date.getUTCHours())) return false;
  const byMonthday = monthday.has(date.getUTCDate());
  const byWeekday = weekday.has(date.getUTCDay());
  return monthday.text !== "*" && weekday.text !== "*" ? byMonthday || byWeekday : byMonthday && byWeekday;
}

/** The instants at which the job fires, by the table of semantics §3. */
function slowInstants(job: Job, { rows, byWall, fromMs, untilMs }: Walk): number[] {
  const found = new Set<number>();
  const fire = (instant: number) => {
    for (const second of job.seconds) found.add(instant + second * 1000);
  };
  if (job.minute.isOpen || job.hour.isOpen) {
    for (const { instant, wall } of rows) if (matches(job, wall)) fire(instant);
  } else {
    const [firstWall, lastWall] = [(rows[0] as Row).wall, (rows.at(-1) as Row).wall];
    for (let wall = firstWall; wall <= lastWall; wall += MINUTE_MS) {
      if (!matches(job, wall)) continue;
      const instants = byWall.get(wall) ?? [];
      if (instants.length === 1) fire(instants[0] as number);
      if (instants.length === 2 && job.dstOverlap !== "second") fire(instants[0] as number);
      if (instants.length === 2 && job.dstOverlap !== "first") fire(instants[1] as number);
      if (instants.length === 0) {
        const after = rows.findIndex((row) => row.wall > wall);
        const firstValid = rows[after] as Row;
        const gapStart = (rows[after - 1] as Row).wall + MINUTE_MS;
        if (job.dstGap === "first_valid") found.add(firstValid.instant);
        if (job.dstGap === "shift") fire(firstValid.instant + (wall - gapStart));
      }
    }
  }
  return [...found].filter((instant) => instant > fromMs && instant <= untilMs).sort((a, b) => a - b);
}

describe("the recurrence core and the minute-by-minute walk", () => {
  const walks = PLACES.map(([zone, around]) => walk(zone, around));
  const specOf = (job: Job, { zone }: Walk) => ({
    cronExpression: cronOf(job),
    timezone: zone,
    dstGap: job.dstGap,
    dstOverlap: job.dstOverlap,
  });

  it("agree on every instant, for random crons, zones and policies", () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const days = walks[job.place] as Walk;
        const ours = occurrences(specOf(job, days), { afterMs: days.fromMs, untilMs: days.untilMs, limit: 1e6 });
        expect(ours.map(({ nominalMs }) => nominalMs)).toEqual(slowInstants(job, days));
      }),
      { numRuns: 1500 },
    );
  });

  it("agree when the search starts at any millisecond of the range", () => {
    fc.assert(
      fc.property(anyJob, fc.integer({ min: 0, max: 4 * DAY_MS }), (job, later) => {
        const days = walks[job.place] as Walk;
        const afterMs = days.fromMs + later;
        const [ours] = occurrences(specOf(job, days), { afterMs, untilMs: days.untilMs, limit: 1 });
        expect(ours?.nominalMs).toBe(slowInstants(job, days).find((instant) => instant > afterMs));
      }),
      { numRuns: 600 },
    );
  });

  it("agree when the search starts up to 400 days earlier, before other clock changes", () => {
    const single = (max: number) =>
      fc.nat(max).map((n): Field => ({ text: `${n}`, isOpen: false, has: (value) => value === n }));
    fc.assert(
      fc.property(
        anyJob,
        single(59),
        single(3),
        fc.integer({ min: 1, max: 400 }),
        (drawn, minute, hour, daysBefore) => {
          const job = { ...drawn, minute, hour };
          const days = walks[job.place] as Walk;
          const range = { afterMs: days.fromMs - daysBefore * DAY_MS, untilMs: days.untilMs, limit: 1e6 };
          const ours = occurrences(specOf(job, days), range).map(({ nominalMs }) => nominalMs);
          expect(ours.filter((instant) => instant > days.fromMs)).toEqual(slowInstants(job, days));
        },
      ),
      { numRuns: 600 },
    );
  });

  it("agree that the times that skip fires and skips are together the times that shift fires", () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const days = walks[job.place] as Walk;
        const skip = specOf({ ...job, dstGap: "skip" }, days);
        const range = { afterMs: days.fromMs, untilMs: days.untilMs, limit: 1e6 };
        const fired = occurrences(skip, range).map(({ nominalMs }) => nominalMs);
        const left = skippedByDst(skip, range).map(({ nominalMs }) => nominalMs);
        expect([...fired, ...left].sort((a, b) => a - b)).toEqual(slowInstants({ ...job, dstGap: "shift" }, days));
      }),
      { numRuns: 600 },
    );
  });
});
