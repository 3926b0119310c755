import { z } from "zod";
import { Trigger } from "~/server/domain/execution";
import { Instant } from "~/server/domain/instant";
import { Outcome, ScheduleInput, Source } from "~/server/domain/schedule";
import { Id, Label, Line, Paragraph, SearchText } from "~/server/domain/text";
import { EXPORT_FIELDS } from "../export/inputs";
import { IdempotencyKey } from "../idempotency";

/** One value or a list of up to 50. */
const list = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).max(50)]) as unknown as z.ZodType<z.infer<T>[]>;

/** A boolean, also as the text of a query parameter. */
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

/** All conditions must match. `status` accepts outcomes and `late`. */
export const ExecutionFilter = z.strictObject({
  scheduleId: Id.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  status: list(z.enum([...Outcome.options, "late"])).optional(),
  topic: list(Label(249)).optional(),
  trigger: list(Trigger).optional(),
  source: list(Source).optional(),
  errorClass: Label(64).optional(),
  errorShape: Paragraph(400).optional(),
  /** Why the execution ended with its outcome, such as `paused` or `retries_used_up`. */
  reason: Label(64).optional(),
  correlationId: Label(512).optional(),
  /** Executions with more than one attempt (true), or with at most one (false). */
  retried: flag.optional(),
  /**
   * The weekday (1 is Monday) and the hour of the nominal time in `timezone`, by default UTC. Both require `from`, at
   * most 366 days before `to`. In a zone with a half-hour offset, an execution counts for the local hour in which its
   * hour of UTC begins.
   */
  weekday: z.coerce.number().int().min(1).max(7).optional(),
  hour: z.coerce.number().int().min(0).max(23).optional(),
  timezone: Line(64).optional(),
  /** True: dead executions with a decision. False: all executions without a decision, not only dead ones. */
  decided: flag.optional(),
  q: SearchText.optional(),
});
export type ExecutionFilter = z.infer<typeof ExecutionFilter>;

export const ListExecutionsInput = ExecutionFilter.extend({
  /** `lateness` needs `from`, so that a bounded number of rows is sorted. */
  sort: z.enum(["scheduled_for", "lateness"]).default("scheduled_for"),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: Line(2000).optional(),
});
export type ListExecutionsInput = z.infer<typeof ListExecutionsInput>;

export const ExportExecutionsInput = ListExecutionsInput.omit({ limit: true, cursor: true }).extend(EXPORT_FIELDS);
export type ExportExecutionsInput = z.infer<typeof ExportExecutionsInput>;

export const FailureGroupsInput = ExecutionFilter.pick({
  scheduleId: true,
  from: true,
  to: true,
  topic: true,
  trigger: true,
  source: true,
  q: true,
});
export type FailureGroupsInput = z.infer<typeof FailureGroupsInput>;

export const ExportFailuresInput = FailureGroupsInput.extend(EXPORT_FIELDS);
export type ExportFailuresInput = z.infer<typeof ExportFailuresInput>;

export const ExecutionHistogramInput = ExecutionFilter.extend({ bucketSeconds: z.int().min(1).max(86_400) });
export type ExecutionHistogramInput = z.infer<typeof ExecutionHistogramInput>;

const ExecutionId = z.strictObject({ executionId: Id });

/** `reveal` shows the masked values, requires `payloads:read`, and is audited. */
export const GetExecutionInput = ExecutionId.extend({ reveal: flag.optional() });
export type GetExecutionInput = z.infer<typeof GetExecutionInput>;

export const ExecutionIds = z.strictObject({ executionIds: z.array(Id).max(200) });
export type ExecutionIds = z.infer<typeof ExecutionIds>;

/** `payload`, or `body` with its JSON text, and `headers` replace those of the execution. */
export const ReplayInput = ExecutionId.extend({
  ...ScheduleInput.pick({ payload: true, body: true, headers: true }).shape,
  idempotencyKey: IdempotencyKey.optional(),
});
export type ReplayInput = z.infer<typeof ReplayInput>;

const IN_FLIGHT = ["running", "retrying", "pending", "held"] as const;

export const ListInFlightInput = z.strictObject({
  status: list(z.enum(IN_FLIGHT)).optional(),
  topic: Label(249).optional(),
  scheduleId: Id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export type ListInFlightInput = z.infer<typeof ListInFlightInput>;

export const ExportInFlightInput = ListInFlightInput.omit({ limit: true }).extend(EXPORT_FIELDS);
export type ExportInFlightInput = z.infer<typeof ExportInFlightInput>;
