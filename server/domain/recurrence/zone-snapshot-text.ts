import { z } from "zod";
import type { YearlyDate } from "./zone-rules";
import type { ZoneSnapshot } from "./zone-snapshot";

const day = { timeMs: z.number(), day: z.int() };
const YearlyDateText: z.ZodType<YearlyDate> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("week"),
    month: z.int(),
    week: z.int(),
    weekday: z.int(),
    timeMs: z.number(),
  }),
  z.object({ kind: z.literal("julian"), ...day }),
  z.object({ kind: z.literal("ordinal"), ...day }),
]);

/** Parses a stored snapshot. In its own module, so that the browser does not load zod. */
export const ZoneSnapshotText: z.ZodType<ZoneSnapshot> = z.object({
  version: z.string(),
  source: z.string(),
  tables: z.array(
    z.object({
      firstOffsetMs: z.number(),
      changesMs: z.array(z.number()),
      offsetsMs: z.array(z.number()),
      rule: z
        .object({
          standardMs: z.number(),
          daylightMs: z.number(),
          toDaylight: YearlyDateText,
          toStandard: YearlyDateText,
        })
        .nullable(),
    }),
  ),
  /** Name to index of `tables`. */
  zones: z.record(z.string(), z.int()),
});
