import { z } from "zod";
import { EXPORT_FORMATS } from "~/server/domain/export/lines";
import { isKnownZone } from "~/server/domain/recurrence";
import { Line } from "~/server/domain/text";

/** The fields that every export's input has in addition to the filter of its list. */
export const EXPORT_FIELDS = {
  format: z.enum(EXPORT_FORMATS).default("ndjson"),
  /** The zone of the columns with local times. */
  zone: Line(64).refine(isKnownZone, "must be an IANA time zone, such as Europe/Berlin").default("UTC"),
};
