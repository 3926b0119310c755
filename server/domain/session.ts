import { z } from "zod";

/** A signed-in browser, as stored in Redis. Times are epoch ms. */
export const Session = z.object({
  /** Not secret. The token is only in the browser, and its hash is the key in Redis. */
  id: z.string(),
  userId: z.string(),
  createdAt: z.int(),
  expiresAt: z.int(),
  seenAt: z.int(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** Whether the cookie has the prefix `__Host-`, which requires HTTPS. */
  isOfHost: z.boolean().optional(),
});
export type Session = z.infer<typeof Session>;
