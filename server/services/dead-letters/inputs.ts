import { z } from "zod";
import { Id, Line } from "~/server/domain/text";
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

/** Maximum number of refused messages in one answer, and of the newest messages that can be read by their ids. */
export const MAX_REFUSED = 500;

/**
 * `id` selects one message, and `limit` does not apply. `reveal` shows protected values, requires `payloads:read`, and
 * is audited.
 */
export const RefusedInput = z.strictObject({
  id: Line(500)
    .regex(/^[^/]+\/[^/]+\/[^/]+$/, "must be the topic, partition and offset: topic/0/42")
    .optional()
    .describe("The topic, partition and offset of one message, such as `topic/0/42`."),
  limit: z.coerce.number().int().min(1).max(MAX_REFUSED).default(100),
  reveal: z.union([z.boolean(), z.stringbool()]).optional(),
});
export type RefusedInput = z.infer<typeof RefusedInput>;
