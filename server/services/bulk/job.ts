import { z } from "zod";
import { BULK_ACTIONS } from "./inputs";

export const Job = z.object({
  jobId: z.string(),
  action: z.enum([...BULK_ACTIONS, "undo", "replay", "discard"]),
  status: z.enum(["queued", "running", "done", "aborted"]),
  total: z.number(),
  /** Items processed so far; a worker that takes over continues here. */
  done: z.number(),
  changed: z.number(),
  /** Nothing to do: already paused, deleted or completed. */
  skipped: z.number(),
  failed: z.number(),
  /** Schedule ids, or execution ids for replay and discard. */
  failures: z.array(z.object({ id: z.string(), reason: z.string() })),
  actor: z.string(),
  note: z.string().nullable(),
  untilMs: z.number().nullable(),
  missed: z.enum(["none", "last", "all"]).nullable(),
  addTags: z.array(z.string()),
  removeTags: z.array(z.string()),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** The job that this one undoes. */
  undoOf: z.string().nullable(),
  undoneBy: z.string().nullable(),
  /** True if Redis was lost while the job ran: steps of the last second before may be done already. */
  restored: z.boolean().default(false),
});
export type BulkJob = z.infer<typeof Job>;

/** How to undo one change. Applies only if nobody has changed the schedule since. */
export const UndoEntry = z.object({
  scheduleId: z.string(),
  version: z.number(),
  tags: z.array(z.string()),
  note: z.string().nullable(),
  untilMs: z.number().nullable(),
});
export type UndoEntry = z.infer<typeof UndoEntry>;
