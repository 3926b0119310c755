import { z } from "zod";
import { ProtectionRule, RuleTopic } from "~/server/domain/protection/rule";

export const SaveProtectionInput = ProtectionRule;
export type SaveProtectionInput = z.infer<typeof SaveProtectionInput>;

export const ProtectionTopicInput = RuleTopic;
export type ProtectionTopicInput = z.infer<typeof ProtectionTopicInput>;

/** `body` is the JSON text of a payload. */
export const TryProtectionInput = ProtectionRule.omit({ topic: true, encrypt: true }).extend({
  body: z.string().max(1_048_576),
});
export type TryProtectionInput = z.infer<typeof TryProtectionInput>;
