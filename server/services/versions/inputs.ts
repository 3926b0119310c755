import { z } from "zod";
import { Id } from "~/server/domain/text";
import { IdempotencyKey } from "../idempotency";

/** `reveal` shows the masked values, requires `payloads:read`, and is audited. */
export const GetVersionInput = z.strictObject({
  scheduleId: Id,
  version: z.coerce.number().int().min(1),
  reveal: z.boolean().optional(),
});
export type GetVersionInput = z.infer<typeof GetVersionInput>;

export const RestoreScheduleInput = z.strictObject({
  scheduleId: Id,
  version: z.int().min(1),
  expectedVersion: z.int().min(1).optional(),
  idempotencyKey: IdempotencyKey.optional(),
});
export type RestoreScheduleInput = z.infer<typeof RestoreScheduleInput>;
