import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { ClickHouse } from "./connection/client";
import { recordRows } from "./sql/compact-rows";

export interface Migration {
  /** File name without its ending, such as `0001_event_schedules`. */
  name: string;
  sql: string;
}

export interface MigrateInput {
  database: string;
  /** Name of the cluster for `ON CLUSTER` and Replicated engines; null for a single server. */
  cluster: string | null;
  /** Runs the function while nobody else may; the others wait, then find nothing left to do. */
  withLock<T>(run: () => Promise<T>): Promise<T>;
  /** The files beside this one by default. */
  migrations?: readonly Migration[];
  /** Told once of migrations that a newer version has applied and that this one can live with. */
  onNewer?: (names: readonly string[]) => void;
}

const AppliedRow = z.object({ name: z.string(), checksum: z.string(), compatible: z.boolean() });
type AppliedRow = z.infer<typeof AppliedRow>;

/**
 * Migrations after which older versions must not start any more. All others only add: tables, columns with a default,
 * indexes; so a version can be rolled back within its minor version.
 */
const BREAKING: ReadonlySet<string> = new Set([]);

const HISTORY = `CREATE TABLE IF NOT EXISTS schema_migrations {on_cluster}
(name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'))
ENGINE = {replacing(applied_at)} ORDER BY name`;
/** What was applied before this column came is known to every version that knows the column. */
const COMPATIBLE = "ALTER TABLE schema_migrations {on_cluster} ADD COLUMN IF NOT EXISTS compatible Bool DEFAULT false";

/**
 * Creates the database and applies, in order, the migrations it does not have; answers their names. Forward only: every
 * statement is `IF NOT EXISTS`, so that a crash in the middle is repaired by the next start. Throws if an applied file
 * has changed since, or if a newer version has applied one that this version cannot live with.
 */
export function migrate(client: ClickHouse, input: MigrateInput): Promise<string[]> {
  const files = input.migrations ?? readMigrations();
  return input.withLock(async () => {
    await client.createDatabase(onCluster(input.cluster));
    await client.command({ sql: render(HISTORY, input.cluster) });
    await client.command({ sql: render(COMPATIBLE, input.cluster) });
    const rows = await client.select(AppliedRow, {
      sql: "SELECT name, checksum, compatible FROM schema_migrations FINAL ORDER BY name",
    });
    const applied = new Set(rows.map(({ name }) => name));
    const newer = requireUsable(files, rows);
    if (newer.length > 0) input.onNewer?.(newer);
    const done: string[] = [];
    for (const file of files) {
      if (applied.has(file.name)) continue;
      for (const statement of statements(file.sql)) await client.command({ sql: render(statement, input.cluster) });
      const row = { name: file.name, checksum: checksum(file.sql), compatible: !BREAKING.has(file.name) };
      await client.insert({ table: "schema_migrations", ...recordRows([row]), token: `${file.name}:${row.checksum}` });
      done.push(file.name);
    }
    return done;
  });
}

// A path, not a URL: a bundler takes `new URL(…, import.meta.url)` for an asset of its own.
const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "migrations");

/** The files of `migrations/`, in order. Named one by one: a bundler cannot list a folder. */
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
];

export function readMigrations(): Migration[] {
  return FILES.map((name) => ({
    name,
    sql: readFileSync(join(FOLDER, `${name}.sql`), "utf8"),
  }));
}

/** Answers the names of a newer version's compatible migrations. */
function requireUsable(files: readonly Migration[], applied: readonly AppliedRow[]): string[] {
  const known = new Map(files.map((file) => [file.name, checksum(file.sql)]));
  const newer: string[] = [];
  for (const { name, checksum: sum, compatible } of applied) {
    const expected = known.get(name);
    if (expected === undefined && !compatible) {
      throw new Error(
        `The database has the migration ${name}, which this version does not know and cannot live with. Start a newer version.`,
      );
    }
    if (expected === undefined) newer.push(name);
    else if (expected !== sum) {
      throw new Error(`The migration ${name} has changed since it was applied. Add a new file instead of editing it.`);
    }
  }
  return newer;
}

/** Only the text that ClickHouse sees counts: line endings and trailing space do not. */
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

/** Puts the engines and the cluster in; Replicated engines take their path and replica from the server's defaults. */
export function render(sql: string, cluster: string | null): string {
  const replicated = cluster === null ? "" : "Replicated";
  return sql
    .replaceAll("{on_cluster}", onCluster(cluster))
    .replaceAll("{merge_tree}", `${replicated}MergeTree`)
    .replaceAll("{aggregating}", `${replicated}AggregatingMergeTree`)
    .replace(/\{replacing\(([\w, ]+)\)\}/g, `${replicated}ReplacingMergeTree($1)`);
}
