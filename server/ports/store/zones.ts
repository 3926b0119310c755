import type { MovedRun, ZoneSnapshot } from "~/server/domain/recurrence";

/** One application of a tz database. Times are epoch ms. */
export interface ZoneVersionRow {
  version: string;
  previous: string | null;
  source: string;
  appliedAtMs: number;
  checked: number;
  moved: number;
  /** Its rules from then on. */
  rules: ZoneSnapshot;
}

/** A schedule whose runs a tz database has moved, with the first of them. */
export interface ZoneMoveRow {
  scheduleId: string;
  name: string | null;
  timezone: string;
  cronExpression: string;
  runs: MovedRun[];
}

/** The time zone rules that plans were made with. */
export interface ZoneStore {
  /** The tz database that the plans were made with last; null before the first start. */
  lastZoneVersion(): Promise<ZoneVersionRow | null>;
  insertZoneVersion(row: ZoneVersionRow): Promise<void>;
  /** Which schedules a version has moved. Idempotent by version and schedule. */
  insertZoneMoves(input: { version: string; atMs: number; rows: readonly ZoneMoveRow[] }): Promise<void>;
  zoneMoves(input: { version: string; limit: number }): Promise<ZoneMoveRow[]>;
}
