import type { MovedRun, ZoneSnapshot } from "~/server/domain/recurrence";

/** One application of a tz database. Times are epoch ms. */
export interface ZoneVersionRow {
  version: string;
  previous: string | null;
  source: string;
  appliedAtMs: number;
  /** Number of recurring schedules in zones whose rules have changed. */
  checked: number;
  /** Number of those schedules that have runs that moved. */
  moved: number;
  /** The rules that apply from then on. */
  rules: ZoneSnapshot;
}

/** A schedule whose runs were moved by a tz database, with the first of those runs. */
export interface ZoneMoveRow {
  scheduleId: string;
  name: string | null;
  timezone: string;
  cronExpression: string;
  runs: MovedRun[];
}

/** The time zone rules that plans were computed with. */
export interface ZoneStore {
  /** The tz database of the last plans; null before the first start. */
  lastZoneVersion(): Promise<ZoneVersionRow | null>;
  insertZoneVersion(row: ZoneVersionRow): Promise<void>;
  /** Records which schedules a version moved. Idempotent by version and schedule. */
  insertZoneMoves(input: { version: string; atMs: number; rows: readonly ZoneMoveRow[] }): Promise<void>;
  zoneMoves(input: { version: string; limit: number }): Promise<ZoneMoveRow[]>;
}
