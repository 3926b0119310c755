import { z } from "zod";
import { JsonText, requireSoundJson } from "~/server/domain/json-text";
import { ScheduleInput } from "~/server/domain/schedule";
import { Line } from "~/server/domain/text";
import { IdempotencyKey } from "~/server/services/idempotency";
import { createSchedule, previewCreate } from "~/server/services/schedules";
import { newConfirmation, requireConfirmation } from "../confirmation";
import { defineTool, type ToolCall } from "../tool";
import { Run, runOf, ScheduleSummary, scheduleSummary } from "./schedule-summary";

const Definition = ScheduleInput.omit({ eventType: true, eventAction: true, scheduledAt: true, body: true });

const Input = Definition.extend({
  dryRun: z.boolean().default(true).describe("True: checks and shows the schedule, and stores nothing."),
  confirmation: Line(100).optional().describe("What the dry run of the same definition has returned."),
  idempotencyKey: IdempotencyKey.optional().describe("By default derived from the confirmation."),
});

const Output = z.object({
  dryRun: z.boolean(),
  schedule: ScheduleSummary.nullable().describe("The created schedule; null after a dry run."),
  created: z
    .boolean()
    .nullable()
    .describe("False: an earlier call with this key has created it. Null after a dry run."),
  durable: z.string().nullable().describe("The store that has the schedule."),
  idempotencyKey: z.string().nullable(),
  confirmation: z.string().nullable().describe("For the call with dry_run false; null after that call."),
  confirmationExpiresAt: z.string().nullable(),
  preview: z
    .object({
      cadence: z.string(),
      topic: z.string(),
      timezone: z.string(),
      nextRuns: z.array(Run),
      warnings: z.array(z.string()),
      runsInNextDay: z.int(),
      runsInNextWeek: z.int(),
    })
    .nullable(),
});

const NEXT_RUNS = 5;

export const createTool = defineTool({
  name: "create_schedule",
  title: "Create a schedule",
  description:
    "Creates a schedule with exactly one of `cron_expression` and `execution_time`. First call it with dry_run true, show the person the next runs and the warnings, and only after they agree call it again with the same definition, dry_run false and the `confirmation`. Give a recurring schedule an end (`max_runs` or `end_at`) unless it shall run forever.",
  right: "schedules:create",
  changes: { destructive: false, idempotent: true },
  input: Input,
  output: Output,
  run: (call) => {
    const { dryRun, confirmation, idempotencyKey, ...definition } = call.input;
    const request = confirmedDefinition(definition);
    if (dryRun) return preview(call, definition, request);
    const confirmed = requireConfirmation(call.ctx, request, confirmation);
    return create(call, definition, idempotencyKey ?? `mcp-${confirmed}`);
  },
});

type Definition = z.output<typeof Definition>;
type Call = ToolCall<z.output<typeof Input>>;

/** The definition that a confirmation is about. White space in the payload does not count. */
function confirmedDefinition({ payload, ...definition }: Definition): object {
  if (!(payload instanceof JsonText)) return { ...definition, payload };
  requireSoundJson(payload, "payload");
  return { ...definition, payload: JSON.parse(payload.text) };
}

async function preview({ ctx }: Call, definition: Definition, request: object): Promise<z.input<typeof Output>> {
  const { schedule, ...times } = await previewCreate({ ctx, input: { ...definition, count: NEXT_RUNS } });
  const { confirmation, expiresAtMs } = newConfirmation(ctx, request);
  return {
    ...{ dryRun: true, schedule: null, created: null, durable: null, idempotencyKey: null },
    confirmation,
    confirmationExpiresAt: new Date(expiresAtMs).toISOString(),
    preview: {
      cadence: times.description,
      topic: schedule.topic,
      timezone: schedule.timezone,
      nextRuns: times.occurrences.map(runOf),
      warnings: times.warnings,
      runsInNextDay: times.runs.nextDay,
      runsInNextWeek: times.runs.nextWeek,
    },
  };
}

async function create({ ctx }: Call, definition: Definition, idempotencyKey: string): Promise<z.input<typeof Output>> {
  const { schedule, created, durable } = await createSchedule({ ctx, input: { ...definition, idempotencyKey } });
  return {
    ...{ dryRun: false, schedule: scheduleSummary(schedule), created, durable, idempotencyKey },
    ...{ confirmation: null, confirmationExpiresAt: null, preview: null },
  };
}
