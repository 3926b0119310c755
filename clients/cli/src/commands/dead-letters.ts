import { randomUUID } from "node:crypto";
import { dataOf, type ExecutionFilter, type Schemas } from "@stufio/schedules-client";
import type { Command } from "commander";
import { type AddCommands, valuesOf, withExamples } from "../command.js";
import { addYesOption, type ConfirmOptions, confirm } from "../confirm.js";
import type { Context } from "../context.js";
import { usageError } from "../exit.js";
import { findScheduleId } from "../find-schedule.js";
import { finishJob } from "../job.js";
import type { Column } from "../output/table.js";
import { addLimitOptions, type LimitOptions, pageSize, printPages } from "../rows.js";
import { EXECUTION_COLUMNS } from "./executions/read.js";

interface FilterOptions {
  schedule?: string;
  from?: string;
  to?: string;
  topic?: string[];
  errorClass?: string;
  search?: string;
}
interface DecideOptions extends FilterOptions, ConfirmOptions {
  dryRun?: boolean;
}

const MAX_PAGE = 500;

/** Adds `dead-letters list`, `replay` and `discard`. */
export const addDeadLetterCommands: AddCommands = (deadLetters, perform) => {
  const list = deadLetters.command("list").description("List dead executions without a decision, newest first");
  addLimitOptions(addFilterOptions(list)).action(({ limit, all, ...options }: FilterOptions & LimitOptions) =>
    perform(list, async (context) => {
      const client = await context.client();
      const filter: ExecutionFilter = {
        ...(await filterOf(context, options)),
        ...{ status: "dead", decided: false, limit: pageSize({ limit, all }, MAX_PAGE) },
      };
      const rows = client.executions.list(filter, context.call);
      await printPages(context, rows, { limit, all, columns: EXECUTION_COLUMNS, empty: "There are no dead letters." });
    }),
  );
  withExamples(list, ["dead-letters list --topic billing.events --from -7d"]);

  for (const { action, verb, done } of [
    { action: "replay", verb: "Publish", done: "Replayed" },
    { action: "discard", verb: "Discard", done: "Discarded" },
  ] as const) {
    const decide = deadLetters
      .command(`${action} [execution...]`)
      .description(
        `${verb} dead letters ${action === "replay" ? "again" : "without publishing them"}: by id, or all that match the options`,
      );
    addYesOption(addFilterOptions(decide))
      .option("--dry-run", "only show what would be decided")
      .action((ids: string[], options: DecideOptions) =>
        perform(decide, async (context) => {
          const target = await targetOf(context, ids, options);
          const preview = await send(context, { action, ...target, dry_run: true });
          if (!("count" in preview)) throw new Error("The server answered a dry run with a job.");
          if (options.dryRun) {
            await printPreview(context, preview);
            return;
          }
          const count = preview.count === 1 ? "1 dead letter" : `${preview.count} dead letters`;
          await confirm(context, `${verb} ${count}?`, options);
          const job = await send(context, { action, ...target });
          if ("count" in job) throw new Error("The server answered with a preview.");
          return finishJob(context, job, done);
        }),
      );
    withExamples(decide, [
      `dead-letters ${action} 5b6f2f64-0000-5000-8000-000000000000 --yes`,
      `dead-letters ${action} --topic billing.events --from -24h --dry-run`,
    ]);
  }
};

const addFilterOptions = (command: Command): Command =>
  command
    .option("--schedule <schedule>", "id or name of a schedule")
    .option("--from <time>", "scheduled from this time on, such as -24h")
    .option("--to <time>", "scheduled before this time")
    .option("--topic <topic>", "topic; may be repeated", valuesOf)
    .option("--error-class <class>", "class of the last error")
    .option("--search <text>", "text in the name of the schedule, the error or an id");

async function filterOf(context: Context, { schedule, from, to, topic, errorClass, search }: FilterOptions) {
  const scheduleId = schedule && (await findScheduleId(await context.client(), schedule, context.call));
  const fields = {
    ...{ schedule_id: scheduleId, from: context.time(from), to: context.time(to) },
    ...{ topic, error_class: errorClass, q: search },
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as typeof fields;
}

async function targetOf(context: Context, ids: string[], options: FilterOptions) {
  const filter = await filterOf(context, options);
  const hasFilter = Object.keys(filter).length > 0;
  if (ids.length > 0 && hasFilter) throw usageError("Give ids or options such as --topic, not both");
  if (ids.length === 0 && !hasFilter) throw usageError("Give ids, or options such as --topic or --from");
  return ids.length > 0 ? { ids } : { filter };
}

type Decision = { action: "replay" | "discard"; ids?: string[]; filter?: object; dry_run?: true };

async function send(context: Context, body: Decision): Promise<Schemas["BulkJob"] | Schemas["DeadLettersPreview"]> {
  const client = await context.client();
  const params = body.dry_run ? {} : { header: { "Idempotency-Key": randomUUID() } };
  return dataOf(await client.api.POST("/admin/dead-letters/decide", { body: body as never, params, ...context.call }));
}

async function printPreview(context: Context, preview: Schemas["DeadLettersPreview"]): Promise<void> {
  if (context.print.format !== "table") return context.print.record(preview, () => []);
  await context.print.rows(preview.sample, SAMPLE, { empty: "No dead letter matches." });
  context.note(`${preview.count} in all`);
}

const SAMPLE: readonly Column<Schemas["DeadLettersPreview"]["sample"][number]>[] = [
  { title: "ID", cell: ({ execution_id }) => execution_id },
  { title: "SCHEDULE", cell: ({ schedule_name, schedule_id }) => schedule_name ?? schedule_id, shrink: 12 },
  { title: "SCHEDULED FOR", cell: ({ scheduled_for }, show) => show.time(scheduled_for) },
  { title: "ERROR", cell: ({ error }) => error, shrink: 16 },
];
