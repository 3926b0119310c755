import { z } from "zod";
import { BULK_ACTIONS } from "./inputs";

export const Job = z.object({
  jobId: z.string(),
  action: z.enum([...BULK_ACTIONS, "undo", "replay", "discard"]),
  status: z.enum(["queued", "running", "done", "aborted"]),
  total: z.number(),
  /** Looked at so far; where whoever takes the job over goes on. */
  done: z.number(),
  changed: z.number(),
  /** Nothing was to be done: paused already, gone, completed. */
  skipped: z.number(),
  failed: z.number(),
  /** Of schedules, or of executions where those are what it is about. */
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
  /** The job that this one takes back. */
  undoOf: z.string().nullable(),
  undoneBy: z.string().nullable(),
  /** Redis was lost while it ran: the steps of the last second before may have been done already. */
  restored: z.boolean().default(false),
});
export type BulkJob = z.infer<typeof Job>;

/** How to take one change back: only while nobody has changed the schedule since. */
export const UndoEntry = z.object({
  scheduleId: z.string(),
  version: z.number(),
  tags: z.array(z.string()),
  note: z.string().nullable(),
  untilMs: z.number().nullable(),
});
export type UndoEntry = z.infer<typeof UndoEntry>;
