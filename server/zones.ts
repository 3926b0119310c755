import type { Logger } from "pino";
import { chooseZones } from "./adapters/tz/choose";
import { loadZones } from "./domain/recurrence";

/** Loads the tz database that this process computes with, and logs which. Throws where `TZDATA_DIR` is not usable. */
export function openZones(input: { tzdataDir: string | null; log: Logger }): void {
  const { database, warnings } = chooseZones(input);
  loadZones(database);
  const { version, source, names } = database;
  input.log.info({ version, source, zones: names.length }, "time zone rules loaded");
  for (const warning of warnings) input.log.warn({ version, source }, warning);
}
