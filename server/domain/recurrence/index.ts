export { describeCron } from "./describe";
export { nextOccurrence, occurrences } from "./next";
export { previewOccurrences } from "./preview";
export type { RecurrenceSpec } from "./spec";
export { validateCron } from "./validate";
export { isKnownZone, loadZones, type ZoneDatabase, zonesInUse } from "./zone";
export { type MovedRun, type MovedZones, movedRuns, movedZones } from "./zone-moves";
export type { ZoneRules } from "./zone-rules";
export { openSnapshot, snapshotZones, type ZoneSnapshot } from "./zone-snapshot";
