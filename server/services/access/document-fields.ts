import { z } from "zod";

/** The fields of every document. Times are epoch ms. */
export const Base = { id: z.string(), version: z.int(), createdAt: z.int(), updatedAt: z.int() };
