import { z } from "zod";
import { fieldError } from "~/server/domain/errors";
import { Instant } from "~/server/domain/instant";
import { CronText } from "~/server/domain/schedule";
import { Id, Label, Line, Name } from "~/server/domain/text";
import type { LoadFilter, LoadSpan } from "~/server/ports/store/load";
import { EXPORT_FIELDS } from "../export/inputs";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The longest range. Limited, because its minutes are counted one by one. */
const MAX_HOURS = 31 * 24;

const list = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).max(100)]) as unknown as z.ZodType<z.infer<T>[]>;

/** `from` is now by default, and `to` is `hours` after `from`. */
const Range = z.strictObject({
  hours: z.coerce.number().min(1).max(MAX_HOURS).default(24),
  from: Instant.optional(),
  to: Instant.optional(),
  topic: list(Label(249)).optional(),
  tag: list(Name(64)).optional(),
});
type Range = z.infer<typeof Range>;

/** Buckets begin at local times of `timezone`, by default that of the settings. `by: tag` also divides by tag. */
export const UpcomingLoadInput = Range.extend({
  timezone: Line(64).min(1).optional(),
  by: z.enum(["topic", "tag"]).default("topic"),
});
export type UpcomingLoadInput = z.infer<typeof UpcomingLoadInput>;

export const UpcomingFiringsInput = Range.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: Line(200).optional(),
});
export type UpcomingFiringsInput = z.infer<typeof UpcomingFiringsInput>;

export const ExportUpcomingInput = Range.extend(EXPORT_FIELDS);
export type ExportUpcomingInput = z.infer<typeof ExportUpcomingInput>;

/** An outage of all workers. */
export const OutageInput = z.strictObject({
  from: Instant,
  to: Instant,
  topic: Range.shape.topic,
  tag: Range.shape.tag,
});
export type OutageInput = z.infer<typeof OutageInput>;

export const SuggestSlotInput = z.strictObject({
  cronExpression: CronText,
  timezone: Line(64).min(1).optional(),
  /** Maximum distance of the suggestion from the cron's minute, in minutes. */
  within: z.coerce.number().int().min(1).max(59).default(15),
  /** The stored schedule that gets the suggestion. Its own firings do not count. */
  scheduleId: Id.optional(),
});
export type SuggestSlotInput = z.infer<typeof SuggestSlotInput>;

export const SuggestTimeInput = z.strictObject({
  executionTime: Instant,
  within: SuggestSlotInput.shape.within,
  scheduleId: SuggestSlotInput.shape.scheduleId,
});
export type SuggestTimeInput = z.infer<typeof SuggestTimeInput>;

/** Empty lists do not restrict. */
export function filterOf({ topic, tag }: Pick<Range, "topic" | "tag">): LoadFilter {
  return {
    ...(topic !== undefined && topic.length > 0 ? { topic: topic.toSorted() } : {}),
    ...(tag !== undefined && tag.length > 0 ? { tag: tag.toSorted() } : {}),
  };
}

/**
 * Extends a range to full minutes, beginning with the next minute at the earliest. Throws `validation_failed` if the
 * range is past, empty or too long.
 */
export function spanOf(input: Pick<Range, "hours" | "from" | "to">, nowMs: number): LoadSpan {
  const firstMs = Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS;
  const fromMs = Math.max(firstMs, Math.floor((input.from ?? firstMs) / MINUTE_MS) * MINUTE_MS);
  const toMs = Math.ceil((input.to ?? fromMs + input.hours * HOUR_MS) / MINUTE_MS) * MINUTE_MS;
  if (toMs <= fromMs) {
    throw fieldError("validation_failed", {
      field: "to",
      message: "is not after the start of the range, or is in the past",
      expected: "a future time after from",
    });
  }
  if (toMs - fromMs > MAX_HOURS * HOUR_MS) {
    throw fieldError("validation_failed", {
      field: "to",
      message: `is more than ${MAX_HOURS / 24} days after from`,
      expected: `a range of at most ${MAX_HOURS / 24} days`,
    });
  }
  return { fromMs, toMs };
}
