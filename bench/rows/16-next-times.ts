import { CronExpressionParser } from "cron-parser";
import { nextOccurrence } from "~/server/domain/recurrence";
import { offsetAt, zoneOf } from "~/server/domain/recurrence/zone";
import type { Bench } from "../parts/bench";
import { measureAlternately } from "../parts/measure-alternately";
import { formatNumber } from "../parts/numbers";
import type { Row } from "../parts/row";

const TARGET = 10;
const FROM_MS = Date.UTC(2026, 0, 1);
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Vancouver",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "America/Sao_Paulo",
];
const CRONS = ["*/5 * * * *", "0 8 * * *", "30 2 * * 0", "0 0 1 * *", "15,45 9-17 * * 1-5", "*/10 * * * * *"];
const PAIRS = ZONES.flatMap((timezone) => CRONS.map((cronExpression) => ({ timezone, cronExpression })));
/** Number of consecutive next times per turn. */
const STEPS = 100;
const HOUR_MS = 3_600_000;

/** Next times per second, over all pairs in turn. */
function perSecond(
  count: number,
  advance: (pair: (typeof PAIRS)[number], fromMs: number, steps: number) => void,
): number {
  const started = performance.now();
  for (let done = 0; done < count; done += STEPS) {
    const turn = done / STEPS;
    const pair = PAIRS[turn % PAIRS.length] as (typeof PAIRS)[number];
    advance(pair, FROM_MS + turn * HOUR_MS, STEPS);
  }
  return count / ((performance.now() - started) / 1000);
}

function advanceOurs({ timezone, cronExpression }: (typeof PAIRS)[number], fromMs: number, steps: number): void {
  const spec = { cronExpression, timezone, dstGap: "first_valid", dstOverlap: "first" } as const;
  let afterMs = fromMs;
  for (let step = 0; step < steps; step += 1) afterMs = nextOccurrence(spec, afterMs)?.nominalMs ?? fromMs;
}

function advancePeer({ timezone, cronExpression }: (typeof PAIRS)[number], fromMs: number, steps: number): void {
  const cron = CronExpressionParser.parse(cronExpression, { tz: timezone, currentDate: new Date(fromMs) });
  try {
    for (let step = 0; step < steps; step += 1) cron.next();
  } catch {
    // cron-parser fails for a few pairs ("loop limit exceeded"). They count as done, which favours the peer.
  }
}

/** Seconds for a million offsets, by the product and by `Intl`. */
function millionOffsets(bench: Bench): { ours: number; intl: number } {
  const count = bench.quick ? 100_000 : 1_000_000;
  const time = (offset: (i: number) => unknown) => {
    const started = performance.now();
    for (let i = 0; i < count; i += 1) offset(i);
    return ((performance.now() - started) / 1000) * (1_000_000 / count);
  };
  const zones = ZONES.map(zoneOf);
  const formats = ZONES.map((timeZone) => new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }));
  const at = (i: number) => FROM_MS + i * 60_000;
  return {
    ours: time((i) => offsetAt(zones[i % zones.length] as never, at(i))),
    intl: time((i) => formats[i % formats.length]?.format(at(i))),
  };
}

export const nextTimes: Row = {
  id: 16,
  name: "Next times of crons in eight zones",
  unit: "next times/s",
  peer: "cron-parser, by Intl",
  target: `≥ ${TARGET} × peer`,
  async measure(bench) {
    const count = bench.quick ? 100_000 : 1_000_000;
    const measured = await measureAlternately(bench, {
      ours: async () => perSecond(count, advanceOurs),
      // A fiftieth of the next times, because the peer would take minutes for all.
      peer: async () => perSecond(count / 50, advancePeer),
    });
    const ratio = measured.ours / (measured.peer as number);
    const offsets = millionOffsets(bench);
    const notes = [
      `a million: ours ${formatNumber(1_000_000 / measured.ours)} s, peer ${formatNumber(1_000_000 / (measured.peer as number))} s`,
      `a million offsets: ours ${formatNumber(offsets.ours)} s, Intl.DateTimeFormat ${formatNumber(offsets.intl)} s`,
    ];
    return { ...measured, ratio, met: ratio >= TARGET, notes };
  },
};
