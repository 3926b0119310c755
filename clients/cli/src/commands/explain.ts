import { dataOf } from "@stufio/schedules-client";
import { type AddCommands, withExamples } from "../command.js";
import { findScheduleId } from "../find-schedule.js";

/** Adds `explain`. */
export const addExplain: AddCommands = (program, perform) => {
  const explain = program
    .command("explain <schedule>")
    .description("Explain why a schedule did, or did not, fire at a time. A deleted schedule is given by its id")
    .requiredOption("--at <time>", "an instant, or a local time in the zone of the schedule, such as 2027-03-28T02:30")
    .action((name: string, { at }: { at: string }) =>
      perform(explain, async (context) => {
        const client = await context.client();
        const id = await findScheduleId(client, name, context.call);
        const params = { path: { id }, query: { at: context.time(at) } };
        const page = dataOf(await client.api.GET("/admin/schedules/{id}/explain", { params, ...context.call }));
        if (context.print.format !== "table") return context.print.record(page, () => []);
        for (const answer of page.answers) {
          context.print.text(answer.sentence);
          if ("execution_id" in answer) context.note(`Execution ${answer.execution_id}`);
        }
      }),
    );
  withExamples(explain, [
    'explain "Daily report" --at 2027-03-28T02:30',
    "explain 0190f3a0-0000-7000-8000-000000000000 --at -1h --output json",
  ]);
};
