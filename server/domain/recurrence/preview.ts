import { LATEST_DAY, LATEST_MS } from "../instant";
import { effectiveTime } from "../jitter";
import { describeCron } from "./describe";
import { skippedByDst } from "./dst";
import { nextOccurrence, occurrences } from "./next";
import { clock } from "./next-clock-change";
import { parseCron } from "./parse";
import type { Occurrence, RecurrenceSpec } from "./spec";
import { offsetAt, zoneOf } from "./zone";

/** Maximum number of occurrences in a preview (contract §3). */
export const PREVIEW_LIMIT = 1000;
const MAX_SKIPPED_WARNINGS = 3;

export interface PreviewOccurrence {
  /** ISO 8601 in UTC. */
  nominal: string;
  /** Nominal plus jitter, ISO 8601 in UTC. */
  effective: string;
  /** The nominal time in the zone, with its offset, such as `2026-03-29T03:00:00+02:00`. */
  local: string;
  /** The effect of a clock change on the occurrence, in words; null for none. */
  note: string | null;
}

export interface Preview {
  occurrences: PreviewOccurrence[];
  description: string;
  warnings: string[];
}

/**
 * The next `count` (at most 1,000) occurrences strictly after `fromMs` (epoch ms). Without `scheduleId`, the jitter is
 * an example, and a warning says so.
 * @throws CronError, AppError `timezone_unknown`
 */
export function previewOccurrences(input: {
  spec: RecurrenceSpec;
  fromMs: number;
  count: number;
  jitterSeconds: number;
  scheduleId?: string;
}): Preview {
  const { fromMs, jitterSeconds, scheduleId } = input;
  const endAt = Math.min(input.spec.endAt ?? LATEST_MS, LATEST_MS);
  const spec = { ...input.spec, endAt };
  const count = Math.min(input.count, PREVIEW_LIMIT);
  const found = occurrences(spec, { afterMs: fromMs, limit: count + 1 });
  const { text, warnings } = describeCron(spec.cronExpression, spec.timezone);
  const shown = found.slice(0, count).map((occurrence, index) => {
    const effective = effectiveTime({
      scheduleId: scheduleId ?? "preview",
      nominalMs: occurrence.nominalMs,
      jitterSeconds,
      nextNominalMs: found[index + 1]?.nominalMs ?? null,
    });
    return {
      nominal: new Date(occurrence.nominalMs).toISOString(),
      effective: new Date(effective).toISOString(),
      local: localTime(spec.timezone, occurrence.nominalMs),
      note: noteInWords(spec, occurrence),
    };
  });
  const untilMs = found.at(-1)?.nominalMs ?? fromMs;
  warnings.push(...skippedInWords(spec, { afterMs: fromMs, untilMs }));
  if (found.length < count && endAt === LATEST_MS && nextOccurrence({ ...spec, endAt: null }, untilMs) !== null) {
    warnings.push(`Times after ${LATEST_DAY} are out of range: a schedule does not fire then.`);
  }
  if (jitterSeconds > 0 && scheduleId === undefined) {
    warnings.push("The jitter shown is an example: the real jitter depends on the schedule's id.");
  }
  return { occurrences: shown, description: text, warnings };
}

/** A time in the zone with its offset, ISO 8601, with milliseconds if they are not zero. */
export function localTime(timezone: string, ms: number): string {
  const offset = offsetAt(zoneOf(timezone), ms);
  const wall = new Date(ms + offset).toISOString().replace(/(?:\.000)?Z$/, "");
  const size = Math.abs(offset) / 1000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const seconds = size % 60 === 0 ? "" : `:${two(size % 60)}`;
  return `${wall}${offset < 0 ? "-" : "+"}${two(size / 3600)}:${two((size / 60) % 60)}${seconds}`;
}

/** The effect of a clock change on the occurrence at this time, in words; null for none, and without an occurrence. */
export function clockChangeNote(spec: RecurrenceSpec, nominalMs: number): string | null {
  const occurrence = nextOccurrence(spec, nominalMs - 1);
  return occurrence?.nominalMs === nominalMs ? noteInWords(spec, occurrence) : null;
}

function noteInWords(spec: RecurrenceSpec, { nominalMs, wallMs, note }: Occurrence): string | null {
  const time = clock(wallMs);
  const bothFire = spec.dstOverlap === "both" || parseCron(spec.cronExpression).kind === "interval";
  switch (note) {
    case null:
      return null;
    case "dst_gap_moved":
      return `${time} does not exist on this day; fires at ${clock(nominalMs + offsetAt(zoneOf(spec.timezone), nominalMs))}`;
    case "dst_gap_skipped":
      return `${time} does not exist on this day; skipped`;
    case "dst_overlap_first":
      return bothFire
        ? `${time} occurs twice; fires both times, this is the first`
        : `${time} occurs twice; fires the first time`;
    case "dst_overlap_second":
      return bothFire
        ? `${time} occurs twice; fires both times, this is the second`
        : `${time} occurs twice; fires the second time`;
  }
}

function skippedInWords(spec: RecurrenceSpec, range: { afterMs: number; untilMs: number }): string[] {
  const skipped = skippedByDst(spec, { ...range, limit: MAX_SKIPPED_WARNINGS });
  return skipped.map(({ wallMs }) => {
    const wall = new Date(wallMs).toISOString();
    return `${wall.slice(0, 10)} ${clock(wallMs)} does not exist in ${spec.timezone} and is skipped.`;
  });
}
