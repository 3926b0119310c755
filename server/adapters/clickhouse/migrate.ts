import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { ClickHouse } from "./connection/client";
import { rowsOfObjects } from "./sql/compact-rows";

export interface Migration {
  /** The file name without its extension, such as `0001_event_schedules`. */
  name: string;
  sql: string;
}

export interface MigrateInput {
  database: string;
  /** The cluster for `ON CLUSTER` and Replicated engines; null for a single server. */
  cluster: string | null;
  /** Runs the function while no other process migrates. */
  withLock<T>(run: () => Promise<T>): Promise<T>;
  /** By default the files in `migrations/`. */
  migrations?: readonly Migration[];
  /** Called with compatible migrations that a newer version has applied. */
  onNewer?: (names: readonly string[]) => void;
}

const AppliedRow = z.object({ name: z.string(), checksum: z.string(), compatible: z.boolean() });
type AppliedRow = z.infer<typeof AppliedRow>;

/**
 * Migrations that older versions cannot work with. All others after 0014 only add tables, views, columns with a
 * default, or indexes, so an earlier patch release of the same minor version still works.
 */
const BREAKING: ReadonlySet<string> = new Set([]);

const HISTORY = `CREATE TABLE IF NOT EXISTS schema_migrations {on_cluster}
(name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'))
ENGINE = {replacing(applied_at)} ORDER BY name`;
/**
 * Migrations that were applied before this column existed read as incompatible. That is safe: every version that reads
 * the column includes those migrations.
 */
const COMPATIBLE = "ALTER TABLE schema_migrations {on_cluster} ADD COLUMN IF NOT EXISTS compatible Bool DEFAULT false";

/**
 * Creates the database and applies missing migrations in order; returns their names. Forward only. Every statement may
 * be run again, so that the next start completes an interrupted run. Throws if an applied file was changed, or if a
 * newer version applied a migration that this version cannot work with.
 */
export function migrate(client: ClickHouse, input: MigrateInput): Promise<string[]> {
  const files = input.migrations ?? readMigrations();
  return input.withLock(async () => {
    await client.createDatabase({ onCluster: onCluster(input.cluster) });
    await client.command({ sql: render(HISTORY, input.cluster) });
    await client.command({ sql: render(COMPATIBLE, input.cluster) });
    const rows = await client.select(AppliedRow, {
      sql: "SELECT name, checksum, compatible FROM schema_migrations FINAL ORDER BY name",
    });
    const applied = new Set(rows.map(({ name }) => name));
    const newer = requireApplicable(files, rows);
    if (newer.length > 0) input.onNewer?.(newer);
    const done: string[] = [];
    for (const file of files) {
      if (applied.has(file.name)) continue;
      for (const statement of statements(file.sql)) await client.command({ sql: render(statement, input.cluster) });
      const row = { name: file.name, checksum: checksum(file.sql), compatible: !BREAKING.has(file.name) };
      await client.insert({
        table: "schema_migrations",
        ...rowsOfObjects([row]),
        token: `${file.name}:${row.checksum}`,
      });
      done.push(file.name);
    }
    return done;
  });
}

// A path, not a URL: bundlers treat `new URL(…, import.meta.url)` as an asset.
const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "migrations");

/** The files of `migrations/`, in order; some numbers are unused. Listed, because a bundler cannot list a folder. */
const FILES = [
  "0001_event_schedules",
  "0002_schedule_execution_results",
  "0003_schedule_performance_metrics",
  "0004_schedule_performance_minutes",
  "0005_schedule_failures",
  "0006_documents",
  "0007_paused_at",
  "0008_planned_since_and_batch",
  "0009_dead_letters",
  "0010_waiting_occurrences",
  "0011_schedule_performance_days",
  "0012_list_indexes",
  "0013_schedule_performance_totals",
  "0014_small_blocks",
  "0015_quarantine",
  "0016_applied_retention",
  "0017_zones",
  "0020_bulk_jobs",
  "0021_runs_and_note",
  "0022_self_test",
  "0023_audit_target",
  "0024_audit_columns",
  "0026_execution_event",
  "0027_topic_schemas",
  "0028_saved_views",
  "0030_reason_metrics",
  "0031_audit_chain",
  "0032_audit_streams",
  "0033_performance_minute_totals",
  "0034_protection_rules",
  "0035_trigger_metrics",
];

export function readMigrations(): Migration[] {
  return FILES.map((name) => ({
    name,
    sql: readFileSync(join(FOLDER, `${name}.sql`), "utf8"),
  }));
}

/**
 * Returns the names of compatible migrations that a newer version has applied. Throws if an applied file was changed,
 * or if a newer migration is not compatible.
 */
function requireApplicable(files: readonly Migration[], applied: readonly AppliedRow[]): string[] {
  const known = new Map(files.map((file) => [file.name, checksum(file.sql)]));
  const newer: string[] = [];
  for (const { name, checksum: sum, compatible } of applied) {
    const expected = known.get(name);
    if (expected === undefined && !compatible) {
      throw new Error(
        `The database has the migration ${name}, which this version does not know and cannot work with. Start a newer version.`,
      );
    }
    if (expected === undefined) newer.push(name);
    else if (expected !== sum) {
      throw new Error(`The migration ${name} has changed since it was applied. Add a new file instead of editing it.`);
    }
  }
  return newer;
}

/** Ignores differences in line endings and white space. */
function checksum(sql: string): string {
  return createHash("sha256").update(sql.replace(/\s+/g, " ").trim()).digest("hex");
}

function statements(sql: string): string[] {
  return sql
    .replace(/^\s*--.*$/gm, "")
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

function onCluster(cluster: string | null): string {
  return cluster === null ? "" : `ON CLUSTER \`${cluster}\``;
}

/** Inserts the engines and the cluster. Replicated engines use the server's default path and replica. */
export function render(sql: string, cluster: string | null): string {
  const replicated = cluster === null ? "" : "Replicated";
  return sql
    .replaceAll("{on_cluster}", onCluster(cluster))
    .replaceAll("{merge_tree}", `${replicated}MergeTree`)
    .replaceAll("{aggregating}", `${replicated}AggregatingMergeTree`)
    .replace(/\{replacing\(([\w, ]+)\)\}/g, `${replicated}ReplacingMergeTree($1)`);
}
