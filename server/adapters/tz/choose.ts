import type { ZoneDatabase } from "~/server/domain/recurrence";
import { openBundled } from "./bundled";
import { compareVersions } from "./version";
import { openZoneinfo } from "./zoneinfo-folder";

const SYSTEM_FOLDER = "/usr/share/zoneinfo";

export interface ChosenZones {
  database: ZoneDatabase;
  /** What an operator should know about the choice, one sentence each. */
  warnings: string[];
}

/**
 * The tz database of this process: the folder of `TZDATA_DIR` where it is given, else the newer of the system's and the
 * bundled one. Names that the chosen one lacks (Debian keeps older names in a package of its own) come from the
 * bundled.
 * @throws Error where `TZDATA_DIR` is no usable folder: an operator who names one means it
 */
export function chooseZones(input: { tzdataDir: string | null; systemFolder?: string }): ChosenZones {
  const bundled = openBundled();
  if (input.tzdataDir !== null) {
    const given = completed(openZoneinfo(input.tzdataDir), bundled);
    const isOld = compareVersions(given.version, bundled.version) < 0;
    const warning = `TZDATA_DIR has tzdata ${given.version}, older than ${bundled.version}, which comes with this product.`;
    return { database: given, warnings: isOld ? [warning] : [] };
  }
  const system = openSystem(input.systemFolder ?? SYSTEM_FOLDER);
  // Of the same release the system's is taken: its rules after 2037 are IANA's own words, not read out of a list.
  const isNewer = system !== null && compareVersions(system.version, bundled.version) >= 0;
  return { database: isNewer ? completed(system, bundled) : bundled, warnings: [] };
}

/** Null where the machine has none, or one without a version: the bundled one is there. */
function openSystem(folder: string): ZoneDatabase | null {
  try {
    return openZoneinfo(folder);
  } catch {
    return null;
  }
}

function completed(chosen: ZoneDatabase, bundled: ZoneDatabase): ZoneDatabase {
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
