import { z } from "zod";
import { ZoneSnapshotText } from "~/server/domain/recurrence/zone-snapshot-text";
import type { ZoneMoveRow, ZoneVersionRow } from "~/server/ports/store/zones";
import type { ClickHouse } from "../connection/client";
import { rowsOfObjects } from "../sql/compact-rows";
import { epochMs } from "../sql/time-columns";

const Version = z
  .object({
    version: z.string(),
    previous: z.string(),
    source: z.string(),
    appliedAtMs: z.int(),
    checked: z.int(),
    moved: z.int(),
    rules: z.string(),
  })
  .transform(
    (row): ZoneVersionRow => ({
      ...row,
      previous: row.previous === "" ? null : row.previous,
      rules: ZoneSnapshotText.parse(JSON.parse(row.rules)),
    }),
  );

const Runs = z.array(z.object({ fromMs: z.int().nullable(), toMs: z.int().nullable() }));
const Move = z
  .object({
    scheduleId: z.string(),
    name: z.string().nullable(),
    timezone: z.string(),
    cronExpression: z.string(),
    runs: z.string(),
  })
  .transform((row): ZoneMoveRow => ({ ...row, runs: Runs.parse(JSON.parse(row.runs)) }));

/** The tz database with which schedules were last planned; null if none was stored. */
export async function lastZoneVersion(client: ClickHouse): Promise<ZoneVersionRow | null> {
  const [row] = await client.select(Version, {
    sql: `SELECT version, previous, source, ${epochMs("applied_at")} AS appliedAtMs, checked, moved, rules
      FROM zone_versions ORDER BY applied_at DESC LIMIT 1`,
  });
  return row ?? null;
}

export async function insertZoneVersion(client: ClickHouse, row: ZoneVersionRow): Promise<void> {
  const { version, previous, source, appliedAtMs, checked, moved, rules } = row;
  await client.insert({
    table: "zone_versions",
    ...rowsOfObjects([
      {
        version,
        previous: previous ?? "",
        source,
        applied_at: new Date(appliedAtMs).toISOString(),
        checked,
        moved,
        rules: JSON.stringify(rules),
      },
    ]),
    token: `zones:${version}:${appliedAtMs}`,
  });
}

/** Inserts or replaces the rows of schedules that a tz version moves. */
export async function insertZoneMoves(
  client: ClickHouse,
  input: { version: string; atMs: number; rows: readonly ZoneMoveRow[] },
): Promise<void> {
  if (input.rows.length === 0) return;
  const rows = input.rows.map((row) => ({
    version: input.version,
    schedule_id: row.scheduleId,
    name: row.name,
    timezone: row.timezone,
    cron_expression: row.cronExpression,
    runs: JSON.stringify(row.runs),
  }));
  await client.insert({
    table: "zone_moves",
    ...rowsOfObjects(rows),
    token: `moves:${input.version}:${rows[0]?.schedule_id}:${input.atMs}`,
  });
}

/** The schedules that a tz version moves, sorted by zone, then by id. */
export function zoneMoves(client: ClickHouse, input: { version: string; limit: number }): Promise<ZoneMoveRow[]> {
  return client.select(Move, {
    sql: `SELECT schedule_id AS scheduleId, name, timezone, cron_expression AS cronExpression, runs
      FROM zone_moves FINAL WHERE version = {version:String} ORDER BY timezone, schedule_id LIMIT {limit:UInt32}`,
    params: input,
  });
}
