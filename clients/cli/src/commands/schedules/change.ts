import type { ScheduleDefinition } from "@stufio/schedules-client";
import { Option } from "commander";
import { type AddCommands, numberIn, valuesOf, withExamples } from "../../command.js";
import { addYesOption, type ConfirmOptions, confirm } from "../../confirm.js";
import type { Context } from "../../context.js";
import { forEach } from "../../each.js";
import { usageError } from "../../exit.js";
import { findScheduleId } from "../../find-schedule.js";
import { headersOf, jsonObject, jsonTextArgument, readText } from "../../json-input.js";
import { executionResult, waitFor } from "../../wait.js";
import { scheduleFields } from "./fields.js";

interface CreateOptions {
  file?: string;
  name?: string;
  description?: string;
  topic?: string;
  entityType?: string;
  entityId?: string;
  action?: string;
  cron?: string;
  at?: string;
  timezone?: string;
  payload?: string;
  header?: string[];
  tag?: string[];
  maxRetries?: number;
  disabled?: boolean;
}

const repeated = (text: string, before: readonly string[] = []) => [...before, text];

/** Adds `schedules create`, `pause`, `resume`, `run` and `delete`. */
export const addScheduleChanges: AddCommands = (schedules, perform) => {
  const create = schedules
    .command("create")
    .description(
      "Create a schedule from options, from a JSON file, or from a file with options that replace its fields",
    )
    .option("--file <path>", 'JSON object with the fields of the REST API, "-" for standard input')
    .option("--name <name>", "unique name")
    .option("--description <text>", "description")
    .option("--topic <topic>", "topic to publish to")
    .option("--entity-type <type>", "type of the entity")
    .option("--entity-id <id>", "id of the entity")
    .option("--action <action>", "action of the event")
    .option("--cron <expression>", "cron of 5 or 6 fields, or a macro such as @daily, for a recurring schedule")
    .option("--at <time>", "time of a one-time schedule, such as +30m or 2027-03-01T09:00:00Z")
    .option("--timezone <zone>", "time zone of the cron expression")
    .option("--payload <json>", "JSON object, or @FILE")
    .option("--header <name=value>", "header of the event; may be repeated", repeated)
    .option("--tag <tag>", "tag; may be repeated", valuesOf)
    .option("--max-retries <n>", "retries after a failed attempt", numberIn(0, 10))
    .option("--disabled", "create it without firing it")
    .action((options: CreateOptions) =>
      perform(create, async (context) => {
        const definition = await definitionOf(context, options);
        const client = await context.client();
        const created = await client.schedules.create(definition, context.call);
        context.print.record(created, scheduleFields);
      }),
    );
  withExamples(create, [
    'schedules create --name "Daily report" --topic reports --entity-type report --action generate --cron "0 9 * * 1-5" --timezone Europe/Berlin',
    "schedules create --topic user.notifications --entity-type user --action send_reminder --at +30m --payload '{\"user_id\": 123}'",
    "schedules create --file schedule.json --disabled",
  ]);

  addToggles(schedules, perform);
  addRun(schedules, perform);

  const remove = schedules.command("delete <schedule...>").description("Delete schedules. Their history stays");
  addYesOption(remove).action((names: string[], options: ConfirmOptions) =>
    perform(remove, async (context) => {
      const what = names.length === 1 ? `the schedule ${names[0]}` : `${names.length} schedules`;
      await confirm(context, `Delete ${what}?`, options);
      return forEachSchedule(context, names, async (id, name) => {
        await (await context.client()).schedules.delete(id, context.call);
        return { sentence: `Deleted ${name}`, answer: { schedule_id: id, deleted: true } };
      });
    }),
  );
  withExamples(remove, [
    'schedules delete "Daily report"',
    "schedules delete 0190f3a0-0000-7000-8000-000000000000 --yes",
  ]);
};

const addToggles: AddCommands = (schedules, perform) => {
  const pause = schedules
    .command("pause <schedule...>")
    .description("Pause schedules. Occurrences that come due meanwhile are missed")
    .option("--note <text>", "why")
    .option("--until <time>", "end of the pause, such as +2h")
    .action((names: string[], { note, until }: { note?: string; until?: string }) =>
      perform(pause, (context) =>
        forEachSchedule(context, names, async (id, name) => {
          const client = await context.client();
          const answer = await client.schedules.pause(id, { note, until: context.time(until) }, context.call);
          const end = answer.paused_until === null ? "" : ` until ${context.print.show.time(answer.paused_until)}`;
          return { sentence: `Paused ${name}${end}`, answer };
        }),
      ),
    );
  withExamples(pause, ['schedules pause "Daily report" --note "Provider is down" --until +2h']);

  const resume = schedules
    .command("resume <schedule...>")
    .description("Resume paused schedules")
    .addOption(
      new Option("--missed <runs>", "missed occurrences to run, by the policy of the schedule by default").choices([
        "none",
        "last",
        "all",
      ]),
    )
    .action((names: string[], { missed }: { missed?: "none" | "last" | "all" }) =>
      perform(resume, (context) =>
        forEachSchedule(context, names, async (id, name) => {
          const answer = await (await context.client()).schedules.resume(id, { missed }, context.call);
          return { sentence: `Resumed ${name}: next run ${context.print.show.time(answer.next_execution)}`, answer };
        }),
      ),
    );
  withExamples(resume, ['schedules resume "Daily report" --missed none']);
};

const addRun: AddCommands = (schedules, perform) => {
  const runNow = schedules
    .command("run <schedule>")
    .description("Start one run now, beside the plan")
    .option(
      "--wait <seconds>",
      "wait for its end, at most this long; exits with 1 if it does not succeed, with 5 if it does not end in time",
      numberIn(1, 86_400),
    )
    .action((name: string, { wait }: { wait?: number }) =>
      perform(runNow, async (context) => {
        const client = await context.client();
        const id = await findScheduleId(client, name, context.call);
        const { executionId } = await client.schedules.runNow(id, context.call);
        if (wait !== undefined) return executionResult(context, await waitFor(context, executionId, wait));
        context.print.done(`Started execution ${executionId}`, { execution_id: executionId });
      }),
    );
  withExamples(runNow, ['schedules run "Daily report"', 'schedules run "Daily report" --wait 60 -o json']);
};

/** Finds each schedule by id or name, and does something to it. */
const forEachSchedule = (
  context: Context,
  names: readonly string[],
  work: (id: string, name: string) => Promise<{ sentence: string; answer: unknown }>,
) =>
  forEach(context, names, async (name) => {
    const client = await context.client();
    return work(await findScheduleId(client, name, context.call), name);
  });

async function definitionOf(context: Context, options: CreateOptions): Promise<ScheduleDefinition> {
  const { io } = context;
  const { file, cron, at, entityType, entityId, maxRetries, payload, header, tag, disabled, ...same } = options;
  const fromFile = file === undefined ? {} : jsonObject(await readText(io, file, "--file"), `--file ${file}`);
  const fields = {
    ...same,
    ...{ entity_type: entityType, entity_id: entityId, cron_expression: cron, execution_time: context.time(at) },
    ...{ tags: tag, max_retries: maxRetries, headers: header && headersOf(header) },
    ...(disabled ? { enabled: false } : {}),
    // As text, so that numbers keep all their digits.
    body: payload === undefined ? undefined : await jsonTextArgument(io, payload, "--payload"),
  };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0 && file === undefined) {
    throw usageError("A schedule needs --file, or options such as --topic, --action and --cron or --at");
  }
  const { payload: former, ...definition } = fromFile;
  const content = "body" in given || former === undefined ? {} : { payload: former as ScheduleDefinition["payload"] };
  // The server validates the fields of the file.
  return { ...definition, ...content, ...given };
}
