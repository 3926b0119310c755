import { z } from "zod";
import { IdempotencyKey } from "../idempotency";
import { ScheduleFilter } from "../schedules/inputs";

export const BULK_ACTIONS = ["pause", "resume", "delete", "execute", "retag"] as const;
/** As many ids as one call may name; more are reached by a filter. */
const MAX_IDS = 10_000;
const Tags = z.array(z.string().trim().min(1).max(64)).max(50);

/** Which schedules: these, or all that match at this moment. And what becomes of them. */
export const StartBulkInput = z.strictObject({
  action: z.enum(BULK_ACTIONS),
  ids: z.array(z.uuid()).min(1).max(MAX_IDS).optional(),
  filter: ScheduleFilter.optional(),
  dryRun: z.boolean().default(false),
  /** Of a pause. */
  note: z.string().trim().max(500).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  /** Of a resume. */
  missed: z.enum(["none", "last", "all"]).optional(),
  /** Of a retag. */
  addTags: Tags.optional(),
  removeTags: Tags.optional(),
  idempotencyKey: IdempotencyKey.optional(),
});
export type StartBulkInput = z.infer<typeof StartBulkInput>;

export const BulkJobId = z.strictObject({ jobId: z.uuid() });
export type BulkJobId = z.infer<typeof BulkJobId>;
