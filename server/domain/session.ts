import { z } from "zod";

/** A signed-in browser, as stored in Redis. Times are epoch ms. */
export const Session = z.object({
  /** Not secret. The token is only in the browser; Redis has the token's hash as key. */
  id: z.string(),
  userId: z.string(),
  createdAt: z.int(),
  expiresAt: z.int(),
  seenAt: z.int(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** True if its cookie has the prefix `__Host-`: opened over HTTPS by a version that knows the prefix. */
  isOfHost: z.boolean().optional(),
});
export type Session = z.infer<typeof Session>;
