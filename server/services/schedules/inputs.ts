import { z } from "zod";
import { Owner } from "~/server/domain/as-code/document";
import { Instant } from "~/server/domain/instant";
import { JsonText } from "~/server/domain/json-text";
import { CronText, DstGap, DstOverlap, ScheduleInput, ScheduleStatus, Source, Tier } from "~/server/domain/schedule";
import { Id, Label, Line, Name, Note, SearchText } from "~/server/domain/text";
import { EXPORT_FIELDS } from "../export/inputs";
import { IdempotencyKey } from "../idempotency";

const list = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).max(100)]) as unknown as z.ZodType<z.infer<T>[]>;
const flag = z.union([z.boolean(), z.stringbool()]);

/** All conditions must match. */
export const ScheduleFilterInput = z.strictObject({
  q: SearchText.optional(),
  enabled: flag.optional(),
  status: list(ScheduleStatus).optional(),
  tag: list(Name(64)).optional(),
  topic: list(Label(249)).optional(),
  entityType: Label(128).optional(),
  action: Label(128).optional(),
  /** Older names of `entityType` and `action`. */
  eventType: Label(128).optional(),
  eventAction: Label(128).optional(),
  source: list(Source).optional(),
  /** The owner of the document that the schedules belong to. */
  owner: Owner.optional().describe("Only schedules of the document of this owner (schedules as code)."),
  tier: Tier.optional(),
  kind: z.enum(["recurring", "one_time"]).optional(),
  /** Matches the stored text exactly. */
  cronExpression: CronText.optional(),
  timezone: Line(64).min(1).optional(),
  failing: flag.optional(),
  overdue: flag.optional(),
  dueBefore: Instant.optional(),
  dueAfter: Instant.optional(),
});
export type ScheduleFilterInput = z.infer<typeof ScheduleFilterInput>;

export const ListSchedulesInput = ScheduleFilterInput.extend({
  /** A field, such as `name`; with `-` in front for descending order. */
  sort: z
    .string()
    .regex(
      /^-?(name|next_execution|last_execution|created_at|updated_at|error_count)$/,
      "must be one of name, next_execution, last_execution, created_at, updated_at, error_count, with '-' in front for descending",
    )
    .default("-created_at"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: Line(2000).optional(),
});
export type ListSchedulesInput = z.infer<typeof ListSchedulesInput>;

export const ExportSchedulesInput = ListSchedulesInput.omit({ limit: true, cursor: true }).extend(EXPORT_FIELDS);
export type ExportSchedulesInput = z.infer<typeof ExportSchedulesInput>;

export const ScheduleId = z.strictObject({ scheduleId: Id });
export type ScheduleId = z.infer<typeof ScheduleId>;

/** `reveal` shows the masked values, requires `payloads:read`, and is audited. */
export const GetScheduleInput = ScheduleId.extend({ reveal: flag.optional() });
export type GetScheduleInput = z.infer<typeof GetScheduleInput>;

export const ScheduleIds = z.strictObject({ scheduleIds: z.array(Id).max(100) });
export type ScheduleIds = z.infer<typeof ScheduleIds>;

export const ExecuteScheduleInput = ScheduleId.extend({ idempotencyKey: IdempotencyKey.optional() });
export type ExecuteScheduleInput = z.infer<typeof ExecuteScheduleInput>;

/** `maskedValuesFrom`: the schedule whose stored values replace the masks in `payload`, `body` and `headers`. */
export const CreateScheduleInput = ScheduleInput.extend({
  maskedValuesFrom: Id.optional(),
  idempotencyKey: IdempotencyKey.optional(),
});
export type CreateScheduleInput = z.infer<typeof CreateScheduleInput>;

/** `count`: the maximum number of occurrences to show. */
export const PreviewCreateInput = ScheduleInput.extend({ count: z.int().min(1).max(20).default(5) });
export type PreviewCreateInput = z.infer<typeof PreviewCreateInput>;

export const CreateSchedulesInput = z.strictObject({
  items: z.array(z.unknown()).min(1).max(1000),
  idempotencyKey: IdempotencyKey.optional(),
});
export type CreateSchedulesInput = z.infer<typeof CreateSchedulesInput>;

const expectedVersion = z.int().min(1).optional();

export const ReplaceScheduleInput = z.strictObject({ scheduleId: Id, expectedVersion, replace: ScheduleInput });
export type ReplaceScheduleInput = z.infer<typeof ReplaceScheduleInput>;

/**
 * Changes only the fields that are present. Null clears an optional field. `payload` and `headers` are replaced as a
 * whole.
 */
export const PatchScheduleInput = z.strictObject({ scheduleId: Id, expectedVersion, patch: ScheduleInput });
export type PatchScheduleInput = z.infer<typeof PatchScheduleInput>;

/**
 * A merge patch (RFC 7396), which also merges inside `payload` and `headers`. `mergePatch` is JSON text with the field
 * names of the REST API.
 */
export const MergeScheduleInput = z.strictObject({
  scheduleId: Id,
  expectedVersion,
  mergePatch: z.instanceof(JsonText),
});
export type MergeScheduleInput = z.infer<typeof MergeScheduleInput>;

export const DeleteScheduleInput = z.strictObject({
  scheduleId: Id,
  expectedVersion,
  idempotencyKey: IdempotencyKey.optional(),
});
export type DeleteScheduleInput = z.infer<typeof DeleteScheduleInput>;

export const ToggleScheduleInput = z.strictObject({
  scheduleId: Id,
  enabled: z.boolean().optional(),
  note: Note.optional(),
  until: Instant.optional(),
  missed: z.enum(["none", "last", "all"]).optional(),
  idempotencyKey: IdempotencyKey.optional(),
});
export type ToggleScheduleInput = z.infer<typeof ToggleScheduleInput>;

export const PreviewScheduleInput = z.strictObject({
  cronExpression: CronText,
  timezone: Line(64).min(1).optional(),
  from: Instant.optional(),
  count: z.int().min(1).max(1000).default(10),
  dstGap: DstGap.optional(),
  dstOverlap: DstOverlap.optional(),
  jitterSeconds: z.int().min(0).max(86_400).optional(),
});
export type PreviewScheduleInput = z.infer<typeof PreviewScheduleInput>;

export const ListOccurrencesInput = z.strictObject({
  scheduleId: Id,
  from: Instant.optional(),
  to: Instant.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type ListOccurrencesInput = z.infer<typeof ListOccurrencesInput>;
