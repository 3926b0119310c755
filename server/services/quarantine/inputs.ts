import { z } from "zod";
import { Id, Verbatim } from "~/server/domain/text";

export const ListQuarantineInput = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) });
export type ListQuarantineInput = z.infer<typeof ListQuarantineInput>;

const flag = z.union([z.boolean(), z.stringbool()]);

/** `reveal` shows bytes that may have protected values, requires `payloads:read`, and is audited. */
export const GetQuarantinedInput = z.strictObject({ id: Id, reveal: flag.optional() });
export type GetQuarantinedInput = z.infer<typeof GetQuarantinedInput>;

/**
 * `discard` deletes the item. `retry` returns the item to the step that quarantined it. `text` or `base64` replaces the
 * bytes of the item.
 */
export const DecideQuarantinedInput = z
  .strictObject({
    id: Id,
    decision: z.enum(["retry", "discard"]),
    // Base64 has a third more characters than the bytes.
    text: Verbatim(4_000_000).optional(),
    base64: z.base64().max(6_000_000).optional(),
  })
  .refine((input) => input.text === undefined || input.base64 === undefined, {
    path: ["base64"],
    message: "cannot be combined with text",
  });
export type DecideQuarantinedInput = z.infer<typeof DecideQuarantinedInput>;
