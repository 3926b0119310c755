import type { ZoneDatabase } from "~/server/domain/recurrence";
import { openBundled } from "./bundled";
import { compareVersions } from "./version";
import { openZoneinfo } from "./zoneinfo-folder";

const SYSTEM_FOLDER = "/usr/share/zoneinfo";

export interface ChosenZones {
  database: ZoneDatabase;
  /** Warnings for the operator, one sentence each. */
  warnings: string[];
}

/**
 * Chooses the tz database of this process: the folder of `TZDATA_DIR` if it is set, otherwise the newer of the system's
 * and the bundled database. Missing names are read from the bundled database, because Debian moves old names to a
 * separate package.
 * @throws Error if `TZDATA_DIR` is not a usable folder
 */
export function chooseZones(input: { tzdataDir: string | null; systemFolder?: string }): ChosenZones {
  const bundled = openBundled();
  if (input.tzdataDir !== null) {
    const configured = withMissingNames(openZoneinfo(input.tzdataDir), bundled);
    const isOld = compareVersions(configured.version, bundled.version) < 0;
    const warning = `TZDATA_DIR has tzdata ${configured.version}, older than the bundled ${bundled.version}.`;
    return { database: configured, warnings: isOld ? [warning] : [] };
  }
  const system = openSystem(input.systemFolder ?? SYSTEM_FOLDER);
  // For the same release, the system's database is preferred: it contains the yearly rules, which are only inferred for
  // the bundled database.
  const isNewer = system !== null && compareVersions(system.version, bundled.version) >= 0;
  return { database: isNewer ? withMissingNames(system, bundled) : bundled, warnings: [] };
}

/** Null if the system has no usable tz database. */
function openSystem(folder: string): ZoneDatabase | null {
  try {
    return openZoneinfo(folder);
  } catch {
    return null;
  }
}

/** Adds the names that only the bundled database has. */
function withMissingNames(chosen: ZoneDatabase, bundled: ZoneDatabase): ZoneDatabase {
  const known = new Set(chosen.names);
  const missing = bundled.names.filter((name) => !known.has(name));
  if (missing.length === 0) return chosen;
  return {
    version: chosen.version,
    source: chosen.source,
    names: [...chosen.names, ...missing].sort(),
    read: (name) => chosen.read(name) ?? bundled.read(name),
  };
}
