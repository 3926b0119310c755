import { z } from "zod";
import { Trigger } from "~/server/domain/execution";
import { Outcome, Source } from "~/server/domain/schedule";
import { IdempotencyKey } from "../idempotency";

const instantMs = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const list = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).max(50)]) as unknown as z.ZodType<z.infer<T>[]>;

/** What narrows the executions; `status` also takes `late`. All of it combines. */
export const ExecutionFilter = z.strictObject({
  scheduleId: z.uuid().optional(),
  from: instantMs.optional(),
  to: instantMs.optional(),
  status: list(z.enum([...Outcome.options, "late"])).optional(),
  topic: list(z.string().max(249)).optional(),
  trigger: list(Trigger).optional(),
  source: list(Source).optional(),
  errorClass: z.string().max(64).optional(),
  /** Of dead ones: those that were replayed or discarded, or those that were not. */
  decided: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).optional(),
  q: z.string().max(200).optional(),
});
export type ExecutionFilter = z.infer<typeof ExecutionFilter>;

export const ListExecutionsInput = ExecutionFilter.extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(2000).optional(),
});
export type ListExecutionsInput = z.infer<typeof ListExecutionsInput>;

export const ExecutionHistogramInput = ExecutionFilter.extend({ bucketSeconds: z.int().min(1).max(86_400) });
export type ExecutionHistogramInput = z.infer<typeof ExecutionHistogramInput>;

export const ExecutionId = z.strictObject({ executionId: z.uuid() });
export type ExecutionId = z.infer<typeof ExecutionId>;

export const ReplayInput = ExecutionId.extend({ idempotencyKey: IdempotencyKey.optional() });
export type ReplayInput = z.infer<typeof ReplayInput>;
