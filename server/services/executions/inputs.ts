import { z } from "zod";
import { Trigger } from "~/server/domain/execution";
import { Instant } from "~/server/domain/instant";
import { Outcome, Source } from "~/server/domain/schedule";
import { Id, Label, Line, SearchText } from "~/server/domain/text";
import { IdempotencyKey } from "../idempotency";

const list = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).max(50)]) as unknown as z.ZodType<z.infer<T>[]>;

/** Filters of an execution list. All conditions must match; `status` also accepts `late`. */
export const ExecutionFilter = z.strictObject({
  scheduleId: Id.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  status: list(z.enum([...Outcome.options, "late"])).optional(),
  topic: list(Label(249)).optional(),
  trigger: list(Trigger).optional(),
  source: list(Source).optional(),
  errorClass: Label(64).optional(),
  /** Dead executions with (true) or without (false) a decision. */
  decided: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).optional(),
  q: SearchText.optional(),
});
export type ExecutionFilter = z.infer<typeof ExecutionFilter>;

export const ListExecutionsInput = ExecutionFilter.extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: Line(2000).optional(),
});
export type ListExecutionsInput = z.infer<typeof ListExecutionsInput>;

export const ExecutionHistogramInput = ExecutionFilter.extend({ bucketSeconds: z.int().min(1).max(86_400) });
export type ExecutionHistogramInput = z.infer<typeof ExecutionHistogramInput>;

export const ExecutionId = z.strictObject({ executionId: Id });
export type ExecutionId = z.infer<typeof ExecutionId>;

export const ReplayInput = ExecutionId.extend({ idempotencyKey: IdempotencyKey.optional() });
export type ReplayInput = z.infer<typeof ReplayInput>;
