import { z } from "zod";
import { Id } from "~/server/domain/text";
import { ExecutionFilter } from "../executions/inputs";
import { IdempotencyKey } from "../idempotency";

/** As many ids as one call may name; more are reached by a filter. */
const MAX_IDS = 10_000;

/** Which dead letters: these executions, or all that match and wait for a decision. And what becomes of them. */
export const DecideInput = z.strictObject({
  action: z.enum(["replay", "discard"]),
  ids: z.array(Id).min(1).max(MAX_IDS).optional(),
  filter: ExecutionFilter.omit({ status: true, decided: true }).optional(),
  dryRun: z.boolean().default(false),
  idempotencyKey: IdempotencyKey.optional(),
});
export type DecideInput = z.infer<typeof DecideInput>;

export const RefusedInput = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) });
export type RefusedInput = z.infer<typeof RefusedInput>;
