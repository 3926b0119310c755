import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import type { ZoneDatabase } from "~/server/domain/recurrence";
import { parseTzif } from "./tzif";
import { VERSION_PATTERN } from "./version";

/** Files whose names look like zones, but which are none. */
const NOT_ZONES = new Set(["Factory", "SECURITY"]);
/** A part of a zone's name. Other entries begin with `+` or a lower-case letter, or have a dot, as in zone1970.tab. */
const NAME = /^[A-Z][A-Za-z0-9_+-]*$/;

/**
 * Opens a folder of compiled zones, such as `/usr/share/zoneinfo`. Its version is in `tzdata.zi` or `+VERSION`. A
 * zone's file is read when the zone is requested.
 * @throws Error that describes the fault of the folder
 */
export function openZoneinfo(folder: string): ZoneDatabase {
  if (!existsSync(folder)) throw new Error(`the folder ${folder} does not exist`);
  const version = versionOf(folder);
  if (version === null) {
    throw new Error(`${folder} has no version: neither tzdata.zi nor +VERSION contains one such as 2026f`);
  }
  const names = zoneNames(folder, "");
  if (names.length === 0) throw new Error(`${folder} contains no compiled zones (TZif files such as Europe/Berlin)`);
  // Paths come only from this list, so that no name leads outside the folder.
  const canonical = new Map(names.map((name) => [name.toLowerCase(), name]));
  return {
    version,
    source: folder,
    names,
    read(name) {
      const known = canonical.get(name.toLowerCase());
      if (known === undefined) return null;
      try {
        return parseTzif(readFileSync(join(folder, known)));
      } catch (error) {
        throw new Error(`cannot read the zone ${known} in ${folder}: ${(error as Error).message}`, { cause: error });
      }
    },
  };
}

/** The version in the first line of tzdata.zi, such as `# version 2026f`, or in +VERSION. */
function versionOf(folder: string): string | null {
  const found = [
    /^# version (\S+)/.exec(head(join(folder, "tzdata.zi")))?.[1],
    head(join(folder, "+VERSION")).trim(),
  ].find((text) => text !== undefined && VERSION_PATTERN.test(text));
  return found ?? null;
}

/** The first 64 bytes of a file; empty if it does not exist. */
function head(path: string): string {
  if (!existsSync(path)) return "";
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(64);
    return bytes.toString("latin1", 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

function zoneNames(folder: string, prefix: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    if (!NAME.test(entry.name) || NOT_ZONES.has(entry.name)) continue;
    const name = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) found.push(...zoneNames(folder, name));
    else found.push(name);
  }
  return found.sort();
}
