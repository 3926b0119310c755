import type { MovedRun, ZoneSnapshot } from "~/server/domain/recurrence";

/** The use of a new tz database. */
export interface ZoneVersionRow {
  version: string;
  previous: string | null;
  source: string;
  appliedAtMs: number;
  /** Number of recurring schedules in zones whose rules have changed. */
  checked: number;
  /** Number of these schedules whose runs have moved. */
  moved: number;
  rules: ZoneSnapshot;
}

/** A schedule whose runs a tz database moved, with the first moved runs. */
export interface ZoneMoveRow {
  scheduleId: string;
  name: string | null;
  timezone: string;
  cronExpression: string;
  runs: MovedRun[];
}

/** The tz databases with which plans were computed. */
export interface ZoneStore {
  /** The tz database of the current plans; null before the first start. */
  lastZoneVersion(): Promise<ZoneVersionRow | null>;
  insertZoneVersion(row: ZoneVersionRow): Promise<void>;
  /** Records the schedules that a version moved. A repeated row replaces the row of its version and schedule. */
  insertZoneMoves(input: { version: string; atMs: number; rows: readonly ZoneMoveRow[] }): Promise<void>;
  zoneMoves(input: { version: string; limit: number }): Promise<ZoneMoveRow[]>;
}
