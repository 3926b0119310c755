import type { ScheduleFilter, ScheduleListItem, SchedulePreview } from "@stufio/schedules-client";
import { Option } from "commander";
import { type AddCommands, numberIn, valuesOf, withExamples } from "../../command.js";
import { findScheduleId } from "../../find-schedule.js";
import { outcomeCell, statusCell } from "../../output/cells.js";
import type { Column } from "../../output/table.js";
import { addLimitOptions, type LimitOptions, pageSize, printPages } from "../../rows.js";
import { scheduleFields } from "./fields.js";

const STATUSES = ["active", "paused", "disabled", "completed"] as const;
const MAX_PAGE = 1000;

interface ListOptions extends LimitOptions {
  search?: string;
  status?: (typeof STATUSES)[number][];
  tag?: string[];
  topic?: string[];
  entityType?: string;
  action?: string;
  owner?: string;
  kind?: "recurring" | "one_time";
  failing?: boolean;
  overdue?: boolean;
  dueBefore?: string;
  dueAfter?: string;
  sort?: string;
}

/** Adds `schedules list`, `get` and `preview`. */
export const addScheduleReads: AddCommands = (schedules, perform) => {
  const list = schedules
    .command("list")
    .description("List schedules. All conditions must match")
    .option("--search <text>", "text in the name, the description, a tag, the id or the correlation id")
    .option("--status <status>", `${STATUSES.join(", ")}; may be repeated`, valuesOf)
    .option("--tag <tag>", "tag; may be repeated", valuesOf)
    .option("--topic <topic>", "topic; may be repeated", valuesOf)
    .option("--entity-type <type>", "type of the entity")
    .option("--action <action>", "action of the event")
    .option("--owner <owner>", "owner of the document that the schedules belong to (schedules as code)")
    .addOption(new Option("--kind <kind>", "recurring or one-time").choices(["recurring", "one_time"]))
    .option("--failing", "only schedules whose last execution failed")
    .option("--overdue", "only active schedules that have been due for more than a minute and were not claimed")
    .option("--due-before <time>", "next run before a time, such as +2h")
    .option("--due-after <time>", "next run after a time")
    .option(
      "--sort <field>",
      'name, next_execution, last_execution, created_at, updated_at or error_count; "-" in front for descending',
    );
  addLimitOptions(list).action((options: ListOptions) =>
    perform(list, async (context) => {
      const { search, entityType, dueBefore, dueAfter, limit, all, ...same } = options;
      const filter: ScheduleFilter = {
        ...(same as Partial<ScheduleFilter>),
        ...{ q: search, entity_type: entityType, limit: pageSize({ limit, all }, MAX_PAGE) },
        ...{ due_before: context.time(dueBefore), due_after: context.time(dueAfter) },
      };
      const client = await context.client();
      const rows = client.schedules.list(filter, context.call);
      await printPages(context, rows, { limit, all, columns: COLUMNS, empty: "No schedule matches." });
    }),
  );
  withExamples(list, [
    "schedules list --status active --topic billing.events",
    "schedules list --due-before +1h --sort next_execution",
    "schedules list --failing --output json",
    "schedules list --owner billing",
  ]);

  const get = schedules
    .command("get <schedule>")
    .description("Show a schedule, given by its id or its name")
    .action((name: string) =>
      perform(get, async (context) => {
        const client = await context.client();
        const schedule = await client.schedules.get(await findScheduleId(client, name, context.call), context.call);
        context.print.record(schedule, scheduleFields);
      }),
    );
  withExamples(get, [
    'schedules get "Daily invoice run"',
    "schedules get 0190f3a0-0000-7000-8000-000000000000 -o json",
  ]);

  const preview = schedules
    .command("preview <cron>")
    .description("Show the next occurrences of a cron expression. Saves nothing")
    .option("--timezone <zone>", "time zone of the cron expression, the setting TIMEZONE by default")
    .option("--from <time>", "start of the preview, now by default")
    .option("--count <n>", "number of occurrences, 10 by default", numberIn(1, 1000))
    .action((cron: string, options: { timezone?: string; from?: string; count?: number }) =>
      perform(preview, async (context) => {
        const client = await context.client();
        const { timezone, count, from } = options;
        const found = await client.schedules.preview(
          { cron_expression: cron, timezone, count, from: context.time(from) },
          context.call,
        );
        if (context.print.format !== "table") return context.print.record(found, () => []);
        context.print.text(found.description);
        for (const warning of found.warnings) context.note(`Warning: ${warning}`);
        await context.print.rows(found.occurrences, OCCURRENCES);
      }),
    );
  withExamples(preview, [
    'schedules preview "30 2 * * *" --timezone Europe/Berlin --from 2027-03-27T00:00:00Z --count 3',
  ]);
};

const COLUMNS: readonly Column<ScheduleListItem>[] = [
  { title: "ID", cell: ({ schedule_id }) => schedule_id },
  { title: "NAME", cell: ({ name, entity_type, action }) => name ?? `${entity_type} ${action}`, shrink: 12 },
  { title: "STATUS", cell: ({ status }) => statusCell(status) },
  { title: "TOPIC", cell: ({ topic }) => topic, shrink: 12 },
  { title: "CADENCE", cell: ({ cadence }) => cadence, shrink: 16 },
  { title: "NEXT RUN", cell: ({ next_execution }, show) => show.time(next_execution) },
  { title: "LAST", cell: ({ last_status }) => outcomeCell(last_status) },
];

const OCCURRENCES: readonly Column<SchedulePreview["occurrences"][number]>[] = [
  { title: "LOCAL", cell: ({ local }) => local },
  { title: "TIME", cell: ({ nominal }, show) => show.time(nominal) },
  { title: "NOTE", cell: ({ note }) => note, shrink: 16 },
];
