import { z } from "zod";

/** `limit`: how many schedules one call encrypts or decrypts at most. */
export const EncryptAgainInput = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(200) });
export type EncryptAgainInput = z.infer<typeof EncryptAgainInput>;
