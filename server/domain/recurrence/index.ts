export { type CronDescription, describeCron } from "./describe";
export { skippedByDst } from "./dst";
export { nextOccurrence, occurrences } from "./next";
export { CronError, type CronErrorCode, type CronKind, type ParsedCron, parseCron } from "./parse";
export { localTime, PREVIEW_LIMIT, type Preview, type PreviewOccurrence, previewOccurrences } from "./preview";
export type { Occurrence, OccurrenceNote, RecurrenceSpec } from "./spec";
export { type CronVerdict, validateCron } from "./validate";
export { isKnownZone } from "./zone";
