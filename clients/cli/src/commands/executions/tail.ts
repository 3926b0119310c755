import { dataOf, type ExecutionFilter, type ExecutionRow, SchedulesError } from "@stufio/schedules-client";
import { type AddCommands, numberIn, valuesOf, withExamples } from "../../command.js";
import type { Context } from "../../context.js";
import { EXIT } from "../../exit.js";
import { findScheduleId } from "../../find-schedule.js";
import { outcomeCell } from "../../output/cells.js";
import { pause } from "../../pause.js";
import { exitCodeOf } from "../../report.js";
import { type FollowSource, followExecutions } from "./follow.js";
import { lateness, nameOf } from "./read.js";

interface TailOptions {
  schedule?: string;
  topic?: string[];
  status?: string[];
  last: number;
  count?: number;
  interval: number;
}

const PAGE = 100;
const MAX_IN_FLIGHT = 500;

/** Adds `executions tail`. */
export const addExecutionTail: AddCommands = (executions, perform) => {
  const tail = executions
    .command("tail")
    .description("Show the newest executions, and follow new ones until Ctrl-C")
    .option("--schedule <schedule>", "id or name of a schedule")
    .option("--topic <topic>", "topic; may be repeated", valuesOf)
    .option("--status <status>", "outcome, such as dead; may be repeated", valuesOf)
    .option("--last <n>", "number of earlier executions to show first", numberIn(0, PAGE), 10)
    .option(
      "--count <n>",
      "exit after printing this many executions, including those of --last",
      numberIn(1, 1_000_000),
    )
    .option("--interval <seconds>", "time between two readings", numberIn(1, 3600), 2)
    .action((options: TailOptions) =>
      perform(tail, async (context) => {
        const source = await sourceOf(context, options);
        const print = context.print.stream<ExecutionRow>([
          { title: "ENDED", width: 26, cell: ({ ended_at }, show) => show.time(ended_at) },
          { title: "STATUS", width: 9, cell: ({ status }) => outcomeCell(status) },
          { title: "SCHEDULE", width: 28, shrink: 12, cell: nameOf },
          { title: "TOPIC", width: 20, shrink: 12, cell: ({ topic }) => topic },
          { title: "LATE", width: 8, align: "right", cell: lateness },
          { title: "ERROR OR REASON", width: 0, shrink: 16, cell: ({ error, reason }) => error ?? reason },
        ]);
        let printed = 0;
        for await (const row of followExecutions(source, options.last)) {
          print(row);
          printed += 1;
          if (printed === options.count) return EXIT.ok;
        }
      }),
    );
  withExamples(tail, [
    "executions tail",
    "executions tail --status dead --status expired",
    'executions tail --schedule "Daily report" --last 0 --count 1 --output json',
  ]);
};

async function sourceOf(context: Context, options: TailOptions): Promise<FollowSource> {
  const client = await context.client();
  const { call } = context;
  const { schedule, topic, status, interval } = options;
  const scheduleId = schedule === undefined ? undefined : await findScheduleId(client, schedule, call);
  const filter = { schedule_id: scheduleId, topic, status, limit: PAGE } as ExecutionFilter;
  const matches = (row: ExecutionRow) =>
    (scheduleId === undefined || row.schedule_id === scheduleId) &&
    (topic === undefined || topic.includes(row.topic)) &&
    (status === undefined || status.includes(row.status) || (status.includes("late") && row.late));
  const nextPause = () => pause(interval * 1000, call.signal);
  let hasStarted = false;

  /** Repeats a reading during an outage. Until one reading has succeeded, an outage is an error. */
  async function reading<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await read();
        hasStarted = true;
        return answer;
      } catch (error) {
        const isOutage = error instanceof SchedulesError && exitCodeOf(error) === EXIT.unreachable;
        if (!isOutage || !hasStarted) throw error;
        context.note(`${error.message} Trying again.`);
        await nextPause();
      }
    }
  }

  return {
    page: (cursor) =>
      reading(async () =>
        dataOf(await client.api.GET("/admin/executions", { params: { query: { ...filter, cursor } }, ...call })),
      ),
    inFlight: () =>
      reading(async () => {
        const query = { schedule_id: scheduleId, limit: MAX_IN_FLIGHT };
        const { items } = dataOf(await client.api.GET("/admin/executions/in-flight", { params: { query }, ...call }));
        return items.map(({ execution_id }) => execution_id);
      }),
    get: (id) =>
      reading(async () => {
        const row = await client.executions.get(id, call).catch((error: unknown) => {
          if (error instanceof SchedulesError && error.code === "not_found") return null;
          throw error;
        });
        return row === null || (row.ended_at !== null && !matches(row)) ? null : row;
      }),
    pause: nextPause,
    skipped: () => context.note("More executions have ended than can be shown; some are left out."),
  };
}
