import { z } from "zod";
import { Id } from "~/server/domain/text";
import { ExecutionFilter } from "../executions/inputs";
import { IdempotencyKey } from "../idempotency";

const MAX_IDS = 10_000;

/** Either `ids` or `filter` is required. */
export const DecideInput = z.strictObject({
  action: z.enum(["replay", "discard"]),
  ids: z.array(Id).min(1).max(MAX_IDS).optional(),
  filter: ExecutionFilter.omit({ status: true, decided: true }).optional(),
  dryRun: z.boolean().default(false),
  idempotencyKey: IdempotencyKey.optional(),
});
export type DecideInput = z.infer<typeof DecideInput>;

/** `reveal` shows protected values, requires `payloads:read`, and is audited. */
export const RefusedInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  reveal: z.union([z.boolean(), z.stringbool()]).optional(),
});
export type RefusedInput = z.infer<typeof RefusedInput>;
