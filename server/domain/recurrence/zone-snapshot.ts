import type { ZoneDatabase } from "./zone";
import { changesOfYear, expandRules, type ZoneRules } from "./zone-rules";

const CHECKED_YEAR = 2045;

/**
 * The rules of every zone from some moment on, as JSON. Many names share one table. The browser computes with it, and
 * the next version of the database is compared with it.
 */
export interface ZoneSnapshot {
  version: string;
  source: string;
  tables: readonly ZoneRules[];
  /** Name to index of `tables`. */
  zones: Readonly<Record<string, number>>;
}

/** Changes before `fromMs` are left out: times before it are shown with the offset of then. */
export function snapshotZones(database: ZoneDatabase, fromMs: number): ZoneSnapshot {
  const tables: ZoneRules[] = [];
  const indexes = new Map<string, number>();
  const zones: Record<string, number> = {};
  for (const name of database.names) {
    const rules = database.read(name);
    if (rules === null) continue;
    const table = withoutRepeats(rulesSince(rules, fromMs));
    const text = JSON.stringify(table);
    const index = indexes.get(text) ?? tables.push(table) - 1;
    indexes.set(text, index);
    zones[name] = index;
  }
  return { version: database.version, source: database.source, tables, zones };
}

/** A database that knows what the snapshot holds. */
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

/** The same rules without the changes before `fromMs`. */
function rulesSince(rules: ZoneRules, fromMs: number): ZoneRules {
  const first = rules.changesMs.findIndex((atMs) => atMs > fromMs);
  const keep = first === -1 ? rules.changesMs.length : first;
  return {
    firstOffsetMs: keep === 0 ? rules.firstOffsetMs : (rules.offsetsMs[keep - 1] as number),
    changesMs: rules.changesMs.slice(keep),
    offsetsMs: rules.offsetsMs.slice(keep),
    rule: rules.rule,
  };
}

/**
 * Without the changes at the end of the list that the rule makes anyway: lists go on to 2037, which is most of their
 * length. One change stays before the rule takes over, as its start is told by the last one.
 */
function withoutRepeats(rules: ZoneRules): ZoneRules {
  const { rule } = rules;
  if (rule === null) return rules;
  let keep = rules.changesMs.length;
  const made = (index: number) => {
    const atMs = rules.changesMs[index] as number;
    const year = new Date(atMs).getUTCFullYear();
    return [year - 1, year, year + 1]
      .flatMap((one) => changesOfYear(rule, one))
      .some((change) => change.atMs === atMs && change.afterMs === rules.offsetsMs[index]);
  };
  while (keep > 1 && made(keep - 1)) keep -= 1;
  keep = Math.min(rules.changesMs.length, keep + 1);
  const short = { ...rules, changesMs: rules.changesMs.slice(0, keep), offsetsMs: rules.offsetsMs.slice(0, keep) };
  // A zone that has left its rule for some years would get them back.
  const same = expandRules(short, CHECKED_YEAR).changesMs.join() === expandRules(rules, CHECKED_YEAR).changesMs.join();
  return same ? short : rules;
}
