import type { Schemas } from "./client.js";

/** A schedule of a document, with the field names of the API. `name` identifies it. */
export type ScheduleEntry = Schemas["ScheduleEntry"];
export interface ScheduleDocument {
  version: 1;
  /** The label under which the document owns its schedules. */
  owner: string;
  schedules: ScheduleEntry[];
}

const DEFINED = Symbol.for("stufio.schedule");

/**
 * Defines a schedule in a module for `stufio-schedules schedules apply`. The command applies all schedules that the
 * module exports, alone or in lists.
 */
export function defineSchedule<Entry extends ScheduleEntry>(entry: Entry): Entry {
  return Object.defineProperty({ ...entry }, DEFINED, { value: true });
}

/** Defines the document of an owner, as the default export of a module. */
export function defineSchedules(document: Omit<ScheduleDocument, "version">): ScheduleDocument {
  return { version: 1, ...document };
}

/** Whether `defineSchedule` made the value, also that of another copy of this package. */
export function isDefinedSchedule(value: unknown): value is ScheduleEntry {
  return typeof value === "object" && value !== null && DEFINED in value;
}
