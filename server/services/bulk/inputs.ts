import { z } from "zod";
import { Instant } from "~/server/domain/instant";
import { Id, Name, Note } from "~/server/domain/text";
import { IdempotencyKey } from "../idempotency";
import { ScheduleFilterInput } from "../schedules/inputs";

export const BULK_ACTIONS = ["pause", "resume", "delete", "execute", "retag"] as const;
/** Most ids in one call. Use a filter for more. */
const MAX_IDS = 10_000;
const Tags = z.array(Name(64)).max(50);

/** A bulk action on the given ids, or on all schedules that match the filter now. */
export const StartBulkInput = z.strictObject({
  action: z.enum(BULK_ACTIONS),
  ids: z.array(Id).min(1).max(MAX_IDS).optional(),
  filter: ScheduleFilterInput.optional(),
  dryRun: z.boolean().default(false),
  /** For a pause. */
  note: Note.optional(),
  until: Instant.optional(),
  /** For a resume. */
  missed: z.enum(["none", "last", "all"]).optional(),
  /** For a retag. */
  addTags: Tags.optional(),
  removeTags: Tags.optional(),
  idempotencyKey: IdempotencyKey.optional(),
});
export type StartBulkInput = z.infer<typeof StartBulkInput>;

export const BulkJobId = z.strictObject({ jobId: Id });
export type BulkJobId = z.infer<typeof BulkJobId>;
