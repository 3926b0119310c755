import { z } from "zod";
import { DstGap, DstOverlap, ScheduleInput, ScheduleStatus, Source, Tier } from "~/server/domain/schedule";
import { IdempotencyKey } from "../idempotency";

const instantMs = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const list = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).max(100)]) as unknown as z.ZodType<z.infer<T>[]>;
const flag = z.union([z.boolean(), z.stringbool()]);

/** What narrows a list of schedules; all of it combines. */
export const ScheduleFilter = z.strictObject({
  q: z.string().max(200).optional(),
  enabled: flag.optional(),
  status: list(ScheduleStatus).optional(),
  tag: list(z.string().max(64)).optional(),
  topic: list(z.string().max(249)).optional(),
  entityType: z.string().max(128).optional(),
  action: z.string().max(128).optional(),
  eventType: z.string().max(128).optional(),
  eventAction: z.string().max(128).optional(),
  source: list(Source).optional(),
  tier: Tier.optional(),
  kind: z.enum(["recurring", "one_time"]).optional(),
  failing: flag.optional(),
  overdue: flag.optional(),
  dueBefore: instantMs.optional(),
  dueAfter: instantMs.optional(),
});
export type ScheduleFilter = z.infer<typeof ScheduleFilter>;

export const ListSchedulesInput = ScheduleFilter.extend({
  /** `name` or `-name` for descending. */
  sort: z
    .string()
    .regex(
      /^-?(name|next_execution|last_execution|created_at|updated_at|error_count)$/,
      "must be one of name, next_execution, last_execution, created_at, updated_at, error_count, with '-' in front for descending",
    )
    .default("-created_at"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(2000).optional(),
});
export type ListSchedulesInput = z.infer<typeof ListSchedulesInput>;

export const ScheduleId = z.strictObject({ scheduleId: z.uuid() });
export type ScheduleId = z.infer<typeof ScheduleId>;

export const ExecuteScheduleInput = ScheduleId.extend({ idempotencyKey: IdempotencyKey.optional() });
export type ExecuteScheduleInput = z.infer<typeof ExecuteScheduleInput>;

export const CreateScheduleInput = ScheduleInput.extend({ idempotencyKey: IdempotencyKey.optional() });
export type CreateScheduleInput = z.infer<typeof CreateScheduleInput>;

export const CreateSchedulesInput = z.strictObject({
  items: z.array(z.unknown()).min(1).max(1000),
  idempotencyKey: IdempotencyKey.optional(),
});
export type CreateSchedulesInput = z.infer<typeof CreateSchedulesInput>;

const expectedVersion = z.int().min(1).optional();

/** PUT: the whole definition anew. */
export const ReplaceScheduleInput = z.strictObject({ scheduleId: z.uuid(), expectedVersion, replace: ScheduleInput });
export type ReplaceScheduleInput = z.infer<typeof ReplaceScheduleInput>;

/** PATCH: only what is given changes; null clears what may be empty. */
export const PatchScheduleInput = z.strictObject({ scheduleId: z.uuid(), expectedVersion, patch: ScheduleInput });
export type PatchScheduleInput = z.infer<typeof PatchScheduleInput>;

export const DeleteScheduleInput = z.strictObject({ scheduleId: z.uuid(), expectedVersion });
export type DeleteScheduleInput = z.infer<typeof DeleteScheduleInput>;

export const ToggleScheduleInput = z.strictObject({
  scheduleId: z.uuid(),
  enabled: z.boolean().optional(),
  note: z.string().trim().max(500).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  missed: z.enum(["none", "last", "all"]).optional(),
  idempotencyKey: IdempotencyKey.optional(),
});
export type ToggleScheduleInput = z.infer<typeof ToggleScheduleInput>;

export const PreviewScheduleInput = z.strictObject({
  cronExpression: z.string().trim().min(1).max(256),
  timezone: z.string().min(1).max(64).optional(),
  from: instantMs.optional(),
  count: z.int().min(1).max(1000).default(10),
  dstGap: DstGap.optional(),
  dstOverlap: DstOverlap.optional(),
  jitterSeconds: z.int().min(0).max(86_400).optional(),
});
export type PreviewScheduleInput = z.infer<typeof PreviewScheduleInput>;

export const ListOccurrencesInput = z.strictObject({
  scheduleId: z.uuid(),
  from: instantMs.optional(),
  to: instantMs.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type ListOccurrencesInput = z.infer<typeof ListOccurrencesInput>;
