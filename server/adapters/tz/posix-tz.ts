import type { YearlyDate, YearlyRule } from "~/server/domain/recurrence/zone-rules";

const HOUR_MS = 3_600_000;
/** An abbreviation such as CET, or in angle brackets. */
const NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
/** An offset west of UTC, or a time of day: hours, minutes, seconds. */
const OFFSET = "[+-]?\\d{1,3}(?::\\d{2}){0,2}";
/** A weekday of a month, a day without 29 February (J), or a day of the year from 0. */
const DATE = "(?:M\\d{1,2}\\.\\d\\.\\d|J\\d{1,3}|\\d{1,3})";
const WHOLE = new RegExp(
  `^${NAME}(${OFFSET})(?:${NAME}(${OFFSET})?,(${DATE})(?:/(${OFFSET}))?,(${DATE})(?:/(${OFFSET}))?)?$`,
);

/**
 * Parses the footer of a TZif file (RFC 9636 §3.3), a POSIX TZ text that describes the time after the last listed
 * change. `rule` is null if the offset no longer changes. Returns null for an empty or invalid text.
 */
export function parsePosixTz(text: string): { offsetMs: number; rule: YearlyRule | null } | null {
  const match = WHOLE.exec(text);
  if (match === null) return null;
  const [, standard = "", daylight, start, startTime = "2", end, endTime = "2"] = match;
  // `0 - x`, because `-x` would be -0 for UTC.
  const standardMs = 0 - durationMs(standard);
  if (start === undefined || end === undefined) return { offsetMs: standardMs, rule: null };
  const daylightMs = daylight === undefined ? standardMs + HOUR_MS : 0 - durationMs(daylight);
  const toDaylight = dateOf(start, durationMs(startTime));
  const toStandard = dateOf(end, durationMs(endTime));
  if (isAllYear({ toDaylight, toStandard, savingMs: daylightMs - standardMs })) {
    return { offsetMs: daylightMs, rule: null };
  }
  return { offsetMs: standardMs, rule: { standardMs, daylightMs, toDaylight, toStandard } };
}

/** Whether it is summer time all year, as in `XXX3EDT4,0/0,J365/23` (RFC 9636 §3.3.1). */
function isAllYear(input: { toDaylight: YearlyDate; toStandard: YearlyDate; savingMs: number }): boolean {
  const { toDaylight, toStandard, savingMs } = input;
  const startsAtMidnight = toDaylight.kind !== "week" && toDaylight.timeMs === 0;
  const firstDay = toDaylight.kind === "ordinal" ? 0 : 1;
  return (
    startsAtMidnight &&
    toDaylight.day === firstDay &&
    toStandard.kind === "julian" &&
    toStandard.day === 365 &&
    toStandard.timeMs === 24 * HOUR_MS + savingMs
  );
}

function dateOf(text: string, timeMs: number): YearlyDate {
  if (text.startsWith("J")) return { kind: "julian", day: Number(text.slice(1)), timeMs };
  if (!text.startsWith("M")) return { kind: "ordinal", day: Number(text), timeMs };
  const [month = 1, week = 1, weekday = 0] = text.slice(1).split(".").map(Number);
  return { kind: "week", month, week, weekday, timeMs };
}

/** "-1:30" as ms. */
function durationMs(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, "").split(":").map(Number);
  const size = (hours * 3600 + minutes * 60 + seconds) * 1000;
  return text.startsWith("-") ? 0 - size : size;
}
