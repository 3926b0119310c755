import { z } from "zod";
import { ScheduleInput } from "../schedule";
import { Line, Name } from "../text";
import { OWNER_PATTERN } from "./ownership";

/** Maximum number of schedules in a document. */
export const MAX_ENTRIES = 5000;

/** The label under which a document owns its schedules. */
export const Owner = z
  .string()
  .regex(
    OWNER_PATTERN,
    "must be 1 to 128 letters, digits, '.', '_', '-' and '/', and begin and end with a letter or digit",
  );

/** A schedule of a document: the fields of a schedule without their older names. Its name identifies the schedule. */
export const ScheduleEntry = ScheduleInput.omit({
  eventType: true,
  eventAction: true,
  scheduledAt: true,
  name: true,
}).extend({
  name: Name(200),
});
export type ScheduleEntry = z.infer<typeof ScheduleEntry>;

const optionalText = (max: number) => Line(max).min(1).nullish();

/** Where a document comes from. */
export const DocumentSource = z.strictObject({
  repository: optionalText(500),
  file: optionalText(500),
  commit: optionalText(100),
});

/** `schedules.yaml`, with the field names of the REST API in camelCase. */
export const ScheduleDocument = z.strictObject({
  version: z.literal(1).optional(),
  owner: Owner,
  schedules: z.array(ScheduleEntry).max(MAX_ENTRIES),
});
