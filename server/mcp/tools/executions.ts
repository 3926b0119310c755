import { z } from "zod";
import { FailureGroupsInput, failureGroups, ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { ExplainTimeInput, explainTime } from "~/server/services/explain";
import { pageOf } from "../offset-cursor";
import { cut, cutOrNull, defineTool, NextCursor, PageInput } from "../tool";

const Pause = z
  .object({
    at: z.string().nullable(),
    actor: z.string().nullable(),
    note: z.string().nullable(),
    until: z.string().nullable(),
    resumedAt: z.string().nullable(),
    resumedBy: z.string().nullable(),
  })
  .nullable();

export const explainTool = defineTool({
  name: "explain_occurrence",
  title: "Explain an occurrence",
  description:
    "Explains why a schedule did, or did not, fire at a time, from the ledger, the audit trail and the runs in flight. A time without seconds covers the whole minute; a time without an offset is local in the schedule's zone. Works for deleted schedules.",
  right: "executions:read",
  input: ExplainTimeInput.extend(PageInput),
  output: z.object({
    scheduleId: z.string(),
    timezone: z.string(),
    currentVersion: z.int(),
    items: z.array(
      z.object({
        at: z.string(),
        kind: z.string().describe("What happened, such as fired, skipped, paused, not_planned or dead."),
        sentence: z.string().describe("The answer in words, with times in the schedule's zone."),
        reason: z.string().nullable(),
        executionId: z.string().nullable(),
        attempts: z.int().nullable(),
        error: z.string().nullable(),
        version: z.int().nullable().describe("The version of the schedule in force at that time."),
        pause: Pause,
        allPaused: Pause.describe(
          "The pause of all firing that the run waits for now, or else the pause at that time.",
        ),
      }),
    ),
    nextCursor: NextCursor,
    total: z.int(),
  }),
  run: async ({ ctx, input: { limit, cursor, ...input } }) => {
    const { answers, ...schedule } = await explainTime({ ctx, input });
    const { items, ...page } = pageOf(answers, { limit, cursor });
    return {
      ...schedule,
      ...page,
      items: items.map((answer) => ({
        at: answer.at,
        kind: answer.kind,
        sentence: answer.sentence,
        reason: "reason" in answer ? answer.reason : null,
        executionId: "executionId" in answer ? answer.executionId : null,
        attempts: "attempts" in answer ? answer.attempts : null,
        error: "error" in answer ? cutOrNull(answer.error) : null,
        version: answer.version,
        pause: "pause" in answer ? pauseOf(answer.pause) : null,
        allPaused: pauseOf(answer.allPaused),
      })),
    };
  },
});

function pauseOf(pause: z.infer<typeof Pause>): z.infer<typeof Pause> {
  if (pause === null) return null;
  const { at, actor, note, until, resumedAt, resumedBy } = pause;
  return { at, actor, note, until, resumedAt, resumedBy };
}

export const listExecutionsTool = defineTool({
  name: "list_executions",
  title: "List executions",
  description:
    "Lists ended executions, newest first, of one schedule or of all. `status` is an outcome (succeeded, dead, expired, skipped, cancelled) or late. Use it to find the execution to replay.",
  right: "executions:read",
  input: ListExecutionsInput.pick({
    scheduleId: true,
    from: true,
    to: true,
    status: true,
    topic: true,
    trigger: true,
    errorClass: true,
    reason: true,
    q: true,
  }).extend(PageInput),
  output: z.object({
    items: z.array(
      z.object({
        executionId: z.string(),
        scheduleId: z.string(),
        scheduleName: z.string().nullable(),
        topic: z.string(),
        status: z.string(),
        late: z.boolean(),
        reason: z.string().nullable(),
        trigger: z.string(),
        actor: z.string().nullable(),
        scheduledFor: z.string(),
        firedAt: z.string().nullable(),
        endedAt: z.string().nullable(),
        attemptCount: z.int(),
        errorClass: z.string().nullable(),
        error: z.string().nullable(),
      }),
    ),
    nextCursor: NextCursor,
    total: z.int(),
    totalIsExact: z.boolean().describe("False: `total` is a lower bound."),
  }),
  run: async ({ ctx, input }) => {
    const page = await listExecutions({ ctx, input: { ...input, sort: "scheduled_for" } });
    return {
      items: page.items.map((row) => ({
        executionId: row.executionId,
        scheduleId: row.scheduleId,
        scheduleName: row.scheduleName,
        topic: row.topic,
        status: row.status,
        late: row.late,
        reason: row.reason,
        trigger: row.trigger,
        actor: row.actor,
        scheduledFor: row.scheduledFor,
        firedAt: row.firedAt,
        endedAt: row.endedAt,
        attemptCount: row.attemptCount,
        errorClass: row.errorClass,
        error: cutOrNull(row.error),
      })),
      nextCursor: page.nextCursor,
      total: page.total,
      totalIsExact: page.totalIsExact,
    };
  },
});

export const failuresTool = defineTool({
  name: "failures_by_cause",
  title: "Failures by cause",
  description:
    "Groups the dead executions of a time range by their cause, most frequent first; by default those of the last 24 hours. `is_new`: the range of the same length before had no such failure.",
  right: "executions:read",
  input: FailureGroupsInput.extend(PageInput),
  output: z.object({
    items: z.array(
      z.object({
        errorClass: z.string().nullable(),
        cause: z.string().describe("The error without its numbers and ids."),
        error: z.string().describe("The newest of these errors."),
        count: z.int(),
        open: z.int().describe("How many of these executions wait for a decision, such as a replay."),
        scheduleCount: z.int(),
        schedules: z
          .array(z.object({ scheduleId: z.string(), scheduleName: z.string().nullable() }))
          .describe("The schedules with the most failures."),
        firstAt: z.string(),
        lastAt: z.string(),
        firstSeenAt: z.string(),
        isNew: z.boolean(),
        lastExecutionId: z.string(),
      }),
    ),
    nextCursor: NextCursor,
    total: z.int().describe("The number of causes."),
    isComplete: z.boolean().describe("False: there are more causes than are counted."),
  }),
  run: async ({ ctx, input: { limit, cursor, ...input } }) => {
    const { items: groups, isComplete } = await failureGroups({ ctx, input });
    const { items, ...page } = pageOf(groups, { limit, cursor });
    return {
      ...page,
      isComplete,
      items: items.map(({ shape, error, ...group }) => ({ ...group, cause: cut(shape), error: cut(error) })),
    };
  },
});
