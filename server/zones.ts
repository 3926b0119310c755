import type { Logger } from "pino";
import { chooseZones } from "./adapters/tz/choose";
import { loadZones } from "./domain/recurrence";
import { StartFault } from "./start-fault";

/** Loads the tz database of this process. Throws a `StartFault` if `TZDATA_DIR` is not usable. */
export function openZones(input: { tzdataDir: string | null; log: Logger }): void {
  const { database, warnings } = requireZones(input);
  loadZones(database);
  const { version, source, names } = database;
  input.log.info({ version, source, zones: names.length }, "time zone rules loaded");
  for (const warning of warnings) input.log.warn({ version, source }, warning);
}

/** Returns the tz database that `openZones` loads. Throws a `StartFault` if `TZDATA_DIR` is not usable. */
export function requireZones({ tzdataDir }: { tzdataDir: string | null }): ReturnType<typeof chooseZones> {
  try {
    return chooseZones({ tzdataDir });
  } catch (error) {
    if (tzdataDir === null) throw error;
    throw new StartFault({
      variable: "TZDATA_DIR",
      address: tzdataDir,
      cause: (error as Error).message,
      remedy: "Set it to a folder of compiled zones with a version file, such as /usr/share/zoneinfo.",
    });
  }
}
