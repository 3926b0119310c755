import type { ZoneDatabase } from "./zone";
import { withoutRepeats, type ZoneRules } from "./zone-rules";

/**
 * The rules of all zones from a time on, as JSON. Many names share a table. The browser computes with a snapshot, and a
 * new version of the database is compared with the snapshot of the previous version.
 */
export interface ZoneSnapshot {
  version: string;
  source: string;
  tables: readonly ZoneRules[];
  /** Name to index of `tables`. */
  zones: Readonly<Record<string, number>>;
}

/**
 * Collects a snapshot name by name, so that the caller can yield to the event loop: reading all 600 zones takes 0.1 s.
 * Drops changes before `fromMs`, except a last change before a rule. Times before the first kept change get the offset
 * before it.
 */
export function collectSnapshot(database: ZoneDatabase, fromMs: number) {
  const tables: ZoneRules[] = [];
  const indexes = new Map<string, number>();
  const zones: Record<string, number> = {};
  return {
    add(name: string): void {
      const rules = database.read(name);
      if (rules === null) return;
      const table = withoutRepeats(rulesSince(rules, fromMs));
      const text = JSON.stringify(table);
      const index = indexes.get(text) ?? tables.push(table) - 1;
      indexes.set(text, index);
      zones[name] = index;
    },
    snapshot: (): ZoneSnapshot => ({ version: database.version, source: database.source, tables, zones }),
  };
}

export function snapshotZones(database: ZoneDatabase, fromMs: number): ZoneSnapshot {
  const collected = collectSnapshot(database, fromMs);
  for (const name of database.names) collected.add(name);
  return collected.snapshot();
}

export function openSnapshot(snapshot: ZoneSnapshot): ZoneDatabase {
  const names = Object.keys(snapshot.zones);
  const canonical = new Map(names.map((name) => [name.toLowerCase(), name]));
  return {
    version: snapshot.version,
    source: snapshot.source,
    names,
    read(name) {
      const known = canonical.get(name.toLowerCase());
      const index = known === undefined ? undefined : snapshot.zones[known];
      return index === undefined ? null : (snapshot.tables[index] ?? null);
    },
  };
}

/** The rules without the changes before `fromMs`. Keeps the last change before a rule, at which the rule starts. */
function rulesSince(rules: ZoneRules, fromMs: number): ZoneRules {
  const first = rules.changesMs.findIndex((atMs) => atMs > fromMs);
  const maxDropped = rules.rule === null ? rules.changesMs.length : Math.max(0, rules.changesMs.length - 1);
  const dropped = first === -1 ? maxDropped : first;
  return {
    firstOffsetMs: dropped === 0 ? rules.firstOffsetMs : (rules.offsetsMs[dropped - 1] as number),
    changesMs: rules.changesMs.slice(dropped),
    offsetsMs: rules.offsetsMs.slice(dropped),
    rule: rules.rule,
  };
}
