import { z } from "zod";
import { Id } from "~/server/domain/text";
import { IdempotencyKey } from "../idempotency";

export const ScheduleVersionInput = z.strictObject({ scheduleId: Id, version: z.coerce.number().int().min(1) });
export type ScheduleVersionInput = z.infer<typeof ScheduleVersionInput>;

export const RestoreScheduleInput = z.strictObject({
  scheduleId: Id,
  version: z.int().min(1),
  expectedVersion: z.int().min(1).optional(),
  idempotencyKey: IdempotencyKey.optional(),
});
export type RestoreScheduleInput = z.infer<typeof RestoreScheduleInput>;
