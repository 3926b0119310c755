import { z } from "zod";
import {
  getSchedule,
  ListSchedulesInput,
  listOccurrences,
  listSchedules,
  ScheduleId,
} from "~/server/services/schedules";
import { cut, defineTool, NextCursor, PageInput } from "../tool";
import { Run, runOf, ScheduleSummary, scheduleSummary } from "./schedule-summary";

export const listSchedulesTool = defineTool({
  name: "list_schedules",
  title: "List and find schedules",
  description:
    "Lists schedules, newest first, or finds them by `q` (a part of the name, a tag, the description or an id), status, tag or topic. `failing` finds schedules whose last run failed, `overdue` those that should have fired already.",
  right: "schedules:read",
  input: ListSchedulesInput.pick({
    q: true,
    status: true,
    tag: true,
    topic: true,
    kind: true,
    failing: true,
    overdue: true,
    dueBefore: true,
    dueAfter: true,
    sort: true,
  }).extend(PageInput),
  output: z.object({
    items: z.array(ScheduleSummary),
    nextCursor: NextCursor,
    total: z.int(),
    totalIsExact: z.boolean().describe("False: `total` is a lower bound."),
  }),
  run: async ({ ctx, input }) => {
    const { items, nextCursor, total, totalIsExact } = await listSchedules({ ctx, input });
    return { items: items.map(scheduleSummary), nextCursor, total, totalIsExact };
  },
});

const NEXT_RUNS = 5;
const MAX_PAYLOAD_CHARS = 4000;

export const getScheduleTool = defineTool({
  name: "get_schedule",
  title: "Get a schedule",
  description: "Returns the definition of one schedule, its payload with masked values, and its next runs.",
  right: "schedules:read",
  input: ScheduleId,
  output: ScheduleSummary.extend({
    description: z.string(),
    entityId: z.string().nullable(),
    cronExpression: z.string().nullable(),
    executionTime: z.string().nullable(),
    startAt: z.string().nullable(),
    endAt: z.string().nullable(),
    maxRuns: z.int().nullable(),
    catchUp: z.object({ policy: z.string(), windowSeconds: z.int(), maxRuns: z.int() }),
    jitterSeconds: z.int(),
    dstGap: z.string(),
    dstOverlap: z.string(),
    maxRetries: z.int(),
    retryDelaySeconds: z.int(),
    maxDelaySeconds: z.int(),
    priority: z.int(),
    source: z.string(),
    createdBy: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    payloadText: z.string().describe(`The payload as JSON text, cut after ${MAX_PAYLOAD_CHARS} characters.`),
    masked: z.array(z.string()).describe("The paths of masked values."),
    nextRuns: z.array(Run),
  }),
  run: async ({ ctx, input }) => {
    const [schedule, { occurrences }] = await Promise.all([
      getSchedule({ ctx, input }),
      listOccurrences({ ctx, input: { ...input, limit: NEXT_RUNS } }),
    ]);
    return {
      ...scheduleSummary(schedule),
      description: schedule.description,
      entityId: schedule.entityId,
      cronExpression: schedule.cronExpression,
      executionTime: schedule.executionTime,
      startAt: schedule.startAt,
      endAt: schedule.endAt,
      maxRuns: schedule.maxRuns,
      catchUp: schedule.catchUp,
      jitterSeconds: schedule.jitterSeconds,
      dstGap: schedule.dstGap,
      dstOverlap: schedule.dstOverlap,
      maxRetries: schedule.maxRetries,
      retryDelaySeconds: schedule.retryDelaySeconds,
      maxDelaySeconds: schedule.maxDelaySeconds,
      priority: schedule.priority,
      source: schedule.source,
      createdBy: schedule.createdBy,
      createdAt: schedule.createdAt,
      updatedAt: schedule.updatedAt,
      payloadText: cut(schedule.payload, MAX_PAYLOAD_CHARS),
      masked: schedule.masked,
      nextRuns: occurrences.map(runOf),
    };
  },
});
