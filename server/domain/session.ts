import { z } from "zod";

/** A signed-in browser, as Redis has it. Times are epoch ms. */
export const Session = z.object({
  /** Safe to show; the token is only with the browser, its hash is the key. */
  id: z.string(),
  userId: z.string(),
  createdAt: z.int(),
  expiresAt: z.int(),
  seenAt: z.int(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export type Session = z.infer<typeof Session>;
