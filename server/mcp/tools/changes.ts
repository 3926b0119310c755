import { z } from "zod";
import { Note } from "~/server/domain/text";
import { ReplayInput, replayExecution } from "~/server/services/executions";
import { IdempotencyKey } from "~/server/services/idempotency";
import { executeSchedule, ScheduleId, ToggleScheduleInput, toggleSchedule } from "~/server/services/schedules";
import { idempotencyKeyOf } from "../request-key";
import { defineTool } from "../tool";
import { ScheduleSummary, scheduleSummary } from "./schedule-summary";

const KeyInput = {
  idempotencyKey: IdempotencyKey.optional().describe(
    "A new text for each intended change. If a call may have failed, repeat it with the same key: the change is made once.",
  ),
};
const Key = z.string().describe("The key under which the change was made.");
const Toggled = z.object({ schedule: ScheduleSummary, idempotencyKey: Key });

export const pauseTool = defineTool({
  name: "pause_schedule",
  title: "Pause a schedule",
  description:
    "Pauses a schedule: it does not fire until it is resumed, or until `until`. The note tells other people why, and is in the audit trail.",
  right: "schedules:toggle",
  changes: { destructive: true, idempotent: true },
  input: ToggleScheduleInput.pick({ scheduleId: true, until: true }).extend({
    note: Note.refine((note) => note !== "", "must not be empty").describe("Why."),
    ...KeyInput,
  }),
  output: Toggled,
  run: async ({ ctx, input, requestKey }) => {
    const idempotencyKey = idempotencyKeyOf({ input, requestKey });
    const schedule = await toggleSchedule({ ctx, input: { ...input, enabled: false, idempotencyKey } });
    return { schedule: scheduleSummary(schedule), idempotencyKey };
  },
});

export const resumeTool = defineTool({
  name: "resume_schedule",
  title: "Resume a schedule",
  description:
    "Resumes a paused schedule. `missed` decides about the occurrences of the pause: none, the last one or all; without it, the schedule's catch-up policy decides.",
  right: "schedules:toggle",
  changes: { destructive: true, idempotent: true },
  input: ToggleScheduleInput.pick({ scheduleId: true, note: true, missed: true }).extend(KeyInput),
  output: Toggled,
  run: async ({ ctx, input, requestKey }) => {
    const idempotencyKey = idempotencyKeyOf({ input, requestKey });
    const schedule = await toggleSchedule({ ctx, input: { ...input, enabled: true, idempotencyKey } });
    return { schedule: scheduleSummary(schedule), idempotencyKey };
  },
});

export const runNowTool = defineTool({
  name: "run_schedule_now",
  title: "Run a schedule now",
  description:
    "Publishes the schedule's event once, now, beside its plan; also if it is paused. Each call without the same idempotency_key is another run.",
  right: "schedules:run",
  changes: { destructive: true, idempotent: false },
  input: ScheduleId.extend(KeyInput),
  output: z.object({
    executionId: z.string(),
    wasPaused: z.boolean().describe("The schedule is paused, and stays paused."),
    idempotencyKey: Key,
  }),
  run: async ({ ctx, input, requestKey }) => {
    const idempotencyKey = idempotencyKeyOf({ input, requestKey });
    return { ...(await executeSchedule({ ctx, input: { ...input, idempotencyKey } })), idempotencyKey };
  },
});

export const replayTool = defineTool({
  name: "replay_execution",
  title: "Replay an execution",
  description:
    "Publishes the event of an ended execution again, with its recorded content. A dead execution leaves the dead letters.",
  right: "executions:replay",
  changes: { destructive: true, idempotent: false },
  input: ReplayInput.pick({ executionId: true }).extend(KeyInput),
  output: z.object({
    executionId: z.string().describe("The new execution."),
    replayOf: z.string(),
    idempotencyKey: Key,
  }),
  run: async ({ ctx, input, requestKey }) => {
    const idempotencyKey = idempotencyKeyOf({ input, requestKey });
    const { executionId } = await replayExecution({ ctx, input: { ...input, idempotencyKey } });
    return { executionId, replayOf: input.executionId, idempotencyKey };
  },
});
