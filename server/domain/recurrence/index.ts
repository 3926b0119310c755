export { describeCron } from "./describe";
export { nextOccurrence, occurrences } from "./next";
export { previewOccurrences } from "./preview";
export type { RecurrenceSpec } from "./spec";
export { validateCron } from "./validate";
export { isKnownZone, loadZones, type ZoneDatabase } from "./zone";
export type { ZoneRules } from "./zone-rules";
