import { z } from "zod";
import type { Schedule } from "~/server/domain/schedule";
import { BULK_ACTIONS } from "./inputs";

export const Job = z.object({
  jobId: z.string(),
  action: z.enum([...BULK_ACTIONS, "undo", "replay", "discard"]),
  status: z.enum(["queued", "running", "done", "aborted"]),
  total: z.number(),
  /** Items processed so far. A worker that takes over continues here. */
  done: z.number(),
  changed: z.number(),
  /** Items that needed no change or allowed none, such as paused or deleted schedules. */
  skipped: z.number(),
  failed: z.number(),
  /** The first failures. `id` is the id of a schedule or, for replay and discard, of an execution. */
  failures: z.array(z.object({ id: z.string(), reason: z.string() })),
  actor: z.string(),
  /** For the audit entries. Jobs of older releases have none. */
  caller: z
    .object({
      id: z.string(),
      via: z.enum(["session", "api_key", "mcp", "code", "system"]),
      requestId: z.string(),
      address: z.string().nullable(),
    })
    .nullable()
    .default(null),
  /** The topics that the job may change: the scope of the caller who started it; null: all. */
  scope: z.array(z.string()).nullable().default(null),
  /** The filter that chose the items; null if the caller gave ids, and in jobs of older releases. */
  filter: z.record(z.string(), z.unknown()).nullable().default(null),
  note: z.string().nullable(),
  untilMs: z.number().nullable(),
  missed: z.enum(["none", "last", "all"]).nullable(),
  addTags: z.array(z.string()),
  removeTags: z.array(z.string()),
  jitterSeconds: z.number().nullable().default(null),
  spreadMinutes: z.number().nullable().default(null),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** The id of the undone job, if this job is an undo. */
  undoOf: z.string().nullable(),
  undoneBy: z.string().nullable(),
  /** True if Redis was lost before the job ended, so that steps may be repeated. */
  restored: z.boolean().default(false),
});
export type BulkJob = z.infer<typeof Job>;

/** The former values of a schedule, and the version and the time of the job's change. */
export const UndoEntry = z.object({
  scheduleId: z.string(),
  /** The version that the change makes. */
  version: z.number(),
  /** The time of the change, epoch ms. Entries of older releases have none. */
  updatedAt: z.number().optional(),
  tags: z.array(z.string()),
  note: z.string().nullable(),
  untilMs: z.number().nullable(),
  /** The times before a spread. */
  times: z.object({ cronExpression: z.string().nullable(), jitterSeconds: z.number() }).nullable().default(null),
});
export type UndoEntry = z.infer<typeof UndoEntry>;

/**
 * The entry of the change that gave the schedule its current version. An entry whose change failed may have the version
 * that another caller's change gave the schedule, but not its time.
 */
export function entryOf(
  entries: readonly UndoEntry[],
  current: Pick<Schedule, "version" | "updatedAt">,
): UndoEntry | undefined {
  return entries.find(
    ({ version, updatedAt = current.updatedAt }) => version === current.version && updatedAt === current.updatedAt,
  );
}
