import type { DstGap, DstOverlap } from "../schedule";
import { LAST_MS } from "./candidates";
import { type ParsedCron, parseCron } from "./parse";
import { type Zone, zoneOf } from "./zone";

/** When a schedule fires. Times are epoch ms; both bounds are inclusive. */
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
  /** Epoch ms; with the schedule's id the key of the occurrence. */
  nominalMs: number;
  /** The wall-clock time that the cron asked for, as if UTC; differs from the zone's clock when moved out of a gap. */
  wallMs: number;
  note: OccurrenceNote | null;
}

/** A spec whose expression is read and whose zone is open. */
export interface Plan {
  cron: ParsedCron;
  zone: Zone;
  dstGap: DstGap;
  dstOverlap: DstOverlap;
  startAt: number;
  endAt: number;
}

/**
 * @param zone the spec's zone by other rules than those in use
 * @throws CronError, AppError `timezone_unknown`
 */
export function planOf(spec: RecurrenceSpec, zone: Zone = zoneOf(spec.timezone)): Plan {
  return {
    cron: parseCron(spec.cronExpression),
    zone,
    dstGap: spec.dstGap,
    dstOverlap: spec.dstOverlap,
    startAt: spec.startAt ?? Number.NEGATIVE_INFINITY,
    endAt: Math.min(spec.endAt ?? LAST_MS, LAST_MS),
  };
}
