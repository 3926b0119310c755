import { randomUUID } from "node:crypto";
import { dataOf, type ExecutionFilter, type ExecutionRow } from "@stufio/schedules-client";
import { Option } from "commander";
import { type AddCommands, numberIn, valuesOf, withExamples } from "../../command.js";
import { findScheduleId } from "../../find-schedule.js";
import { jsonTextArgument } from "../../json-input.js";
import { outcomeCell } from "../../output/cells.js";
import type { Column } from "../../output/table.js";
import { addLimitOptions, type LimitOptions, pageSize, printPages } from "../../rows.js";
import { executionFields, executionResult, waitFor } from "../../wait.js";

const STATUSES = "succeeded, dead, expired, skipped, cancelled or late";
const MAX_PAGE = 500;

interface ListOptions extends LimitOptions {
  schedule?: string;
  from?: string;
  to?: string;
  status?: string[];
  topic?: string[];
  trigger?: string[];
  errorClass?: string;
  search?: string;
  sort?: "scheduled_for" | "lateness";
}

/** Adds `executions list`, `get` and `replay`. */
export const addExecutionCommands: AddCommands = (executions, perform) => {
  const list = executions
    .command("list")
    .description(
      "List ended executions, newest first, or longest lateness first with --sort lateness. All conditions must match",
    )
    .option("--schedule <schedule>", "id or name of a schedule")
    .option("--from <time>", "scheduled from this time on, such as -24h")
    .option("--to <time>", "scheduled before this time")
    .option("--status <status>", `${STATUSES}; may be repeated`, valuesOf)
    .option("--topic <topic>", "topic; may be repeated", valuesOf)
    .option("--trigger <trigger>", "schedule, manual, replay, catch_up or delayed_event; may be repeated", valuesOf)
    .option("--error-class <class>", "class of the last error")
    .option("--search <text>", "text in the name of the schedule, the error or an id")
    .addOption(new Option("--sort <field>", "lateness needs --from").choices(["scheduled_for", "lateness"]));
  addLimitOptions(list).action((options: ListOptions) =>
    perform(list, async (context) => {
      const { schedule, from, to, errorClass, search, limit, all, ...same } = options;
      const client = await context.client();
      const filter: ExecutionFilter = {
        ...(same as Partial<ExecutionFilter>),
        ...{ from: context.time(from), to: context.time(to), error_class: errorClass, q: search },
        schedule_id: schedule && (await findScheduleId(client, schedule, context.call)),
        limit: pageSize({ limit, all }, MAX_PAGE),
      };
      const rows = client.executions.list(filter, context.call);
      await printPages(context, rows, { limit, all, columns: EXECUTION_COLUMNS, empty: "No execution matches." });
    }),
  );
  withExamples(list, [
    "executions list --status dead --from -24h",
    'executions list --schedule "Daily report" --limit 10',
    "executions list --from -1h --sort lateness --output ndjson",
  ]);

  const get = executions
    .command("get <execution>")
    .description("Show an execution with its attempts")
    .action((id: string) =>
      perform(get, async (context) => {
        const execution = await (await context.client()).executions.get(id, context.call);
        context.print.record(execution, executionFields);
      }),
    );
  withExamples(get, ["executions get 5b6f2f64-0000-5000-8000-000000000000"]);

  const replay = executions
    .command("replay <execution>")
    .description("Publish an execution again, as it was or with another payload")
    .option("--payload <json>", "JSON object, or @FILE, instead of the payload")
    .option(
      "--wait <seconds>",
      "wait for its end, at most this long; exits with 1 if it does not succeed, with 5 if it does not end in time",
      numberIn(1, 86_400),
    )
    .action((id: string, { payload, wait }: { payload?: string; wait?: number }) =>
      perform(replay, async (context) => {
        const client = await context.client();
        // As text, so that numbers keep all their digits.
        const body = payload === undefined ? {} : { body: await jsonTextArgument(context.io, payload, "--payload") };
        const params = { path: { id }, header: { "Idempotency-Key": randomUUID() } };
        const call = { body, params, ...context.call };
        const started = dataOf(await client.api.POST("/admin/executions/{id}/replay", call));
        const executionId = started.execution_id;
        if (wait !== undefined) return executionResult(context, await waitFor(context, executionId, wait));
        context.print.done(`Started execution ${executionId}`, { execution_id: executionId });
      }),
    );
  withExamples(replay, [
    "executions replay 5b6f2f64-0000-5000-8000-000000000000 --wait 60",
    "executions replay 5b6f2f64-0000-5000-8000-000000000000 --payload @fixed.json",
  ]);
};

export const nameOf = (row: ExecutionRow) => row.schedule_name ?? `${row.entity_type} ${row.action}`;
export const lateness = ({ lateness_ms }: ExecutionRow) =>
  lateness_ms < 1000 ? `${lateness_ms} ms` : `${(lateness_ms / 1000).toFixed(1)} s`;

export const EXECUTION_COLUMNS: readonly Column<ExecutionRow>[] = [
  { title: "ID", cell: ({ execution_id }) => execution_id },
  { title: "SCHEDULED FOR", cell: ({ scheduled_for }, show) => show.time(scheduled_for) },
  { title: "SCHEDULE", cell: nameOf, shrink: 12 },
  { title: "STATUS", cell: ({ status }) => outcomeCell(status) },
  { title: "LATE", cell: lateness, align: "right" },
  { title: "TRIES", cell: ({ attempt_count }) => attempt_count, align: "right" },
  { title: "ERROR OR REASON", cell: ({ error, reason }) => error ?? reason, shrink: 16 },
];
