import type { DstGap, DstOverlap } from "../schedule";
import { LAST_MS } from "./candidates";
import { type ParsedCron, parseCron } from "./parse";
import { type Zone, zoneOf } from "./zone";

/** The definition of a schedule's times. Both bounds are epoch ms and inclusive. */
export interface RecurrenceSpec {
  cronExpression: string;
  timezone: string;
  dstGap: DstGap;
  dstOverlap: DstOverlap;
  startAt?: number | null;
  endAt?: number | null;
}

export type OccurrenceNote = "dst_gap_moved" | "dst_gap_skipped" | "dst_overlap_first" | "dst_overlap_second";

export interface Occurrence {
  /** Epoch ms. */
  nominalMs: number;
  /** The wall-clock time that the cron matches, as if UTC, even if the occurrence was moved out of a gap. */
  wallMs: number;
  note: OccurrenceNote | null;
}

/** A spec with its parsed expression and opened zone. */
export interface Recurrence {
  cron: ParsedCron;
  zone: Zone;
  dstGap: DstGap;
  dstOverlap: DstOverlap;
  startAt: number;
  endAt: number;
}

/**
 * @param zone replaces the loaded rules of the spec's zone
 * @throws CronError, AppError `timezone_unknown`
 */
export function openRecurrence(spec: RecurrenceSpec, zone: Zone = zoneOf(spec.timezone)): Recurrence {
  return {
    cron: parseCron(spec.cronExpression),
    zone,
    dstGap: spec.dstGap,
    dstOverlap: spec.dstOverlap,
    startAt: spec.startAt ?? Number.NEGATIVE_INFINITY,
    endAt: Math.min(spec.endAt ?? LAST_MS, LAST_MS),
  };
}
