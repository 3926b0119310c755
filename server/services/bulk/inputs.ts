import { z } from "zod";
import { Instant } from "~/server/domain/instant";
import { SPREAD_MINUTES } from "~/server/domain/load/spread";
import { ScheduleInput } from "~/server/domain/schedule";
import { Id, Name, Note } from "~/server/domain/text";
import { EXPORT_FIELDS } from "../export/inputs";
import { IdempotencyKey } from "../idempotency";
import { ScheduleFilterInput } from "../schedules/inputs";

export const BULK_ACTIONS = ["pause", "resume", "delete", "execute", "retag", "spread"] as const;
const MAX_IDS = 10_000;
const Tags = z.array(Name(64)).max(50);

/** Either `ids` or `filter` is required. */
export const StartBulkInput = z.strictObject({
  action: z.enum(BULK_ACTIONS),
  ids: z.array(Id).min(1).max(MAX_IDS).optional(),
  filter: ScheduleFilterInput.optional(),
  dryRun: z.boolean().default(false),
  /** For a pause, like `until`. */
  note: Note.optional(),
  until: Instant.optional(),
  /** For a resume. */
  missed: z.enum(["none", "last", "all"]).optional(),
  /** For a retag, like `removeTags`. */
  addTags: Tags.optional(),
  removeTags: Tags.optional(),
  /** For a spread. Recurring schedules get this jitter; one-time schedules are not changed. */
  jitterSeconds: ScheduleInput.shape.jitterSeconds,
  /** For a spread. A cron that fires at one minute is moved within a block of this many minutes. */
  spreadMinutes: z.literal([...SPREAD_MINUTES]).optional(),
  idempotencyKey: IdempotencyKey.optional(),
});
export type StartBulkInput = z.infer<typeof StartBulkInput>;

export const BulkItemsInput = z.strictObject({
  jobId: Id,
  /** The position of the first item of the page. */
  from: z.int().min(0).default(0),
  limit: z.int().min(1).max(200).default(50),
});
export type BulkItemsInput = z.infer<typeof BulkItemsInput>;

export const BulkJobId = z.strictObject({ jobId: Id });
export type BulkJobId = z.infer<typeof BulkJobId>;

export const UndoBulkInput = BulkJobId.extend({ idempotencyKey: IdempotencyKey.optional() });
export type UndoBulkInput = z.infer<typeof UndoBulkInput>;

export const ExportBulkInput = z.strictObject(EXPORT_FIELDS);
export type ExportBulkInput = z.infer<typeof ExportBulkInput>;
