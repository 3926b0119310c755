import { basename } from "node:path";
import type { Command } from "commander";
import { documentText } from "../as-code/document-text.js";
import { type AddCommands, withExamples } from "../command.js";
import type { Context } from "../context.js";
import { CliError } from "../exit.js";
import { importCrontab } from "../import/crontab.js";
import { importEventBridge } from "../import/eventbridge.js";
import type { Imported, ImportOptions } from "../import/imported.js";
import { importKubernetes } from "../import/kubernetes.js";
import { reportText } from "../import/report.js";
import { readText } from "../json-input.js";
import { localZone } from "../output/time.js";

interface Options {
  owner: string;
  topic: string;
  timezone?: string;
}

/** Adds `import crontab`, `kubernetes` and `eventbridge`. They read a file and need no server. */
export const addImportCommands: AddCommands = (parent, perform) => {
  const crontab = addOptions(parent.command("crontab <file>"))
    .description("Convert a crontab to a schedules.yaml, and report what differs")
    .option("--system", "the lines have a user, as in /etc/crontab and /etc/cron.d")
    .action((file: string, { system, ...options }: Options & { system?: boolean }) =>
      perform(crontab, (context) =>
        print(context, file, options, localZone(), (text, known) => importCrontab(text, { ...known, system })),
      ),
    );
  withExamples(crontab, [
    "import crontab crontab.txt --owner billing --timezone Europe/Berlin",
    "import crontab - --owner ops --system",
  ]);

  const kubernetes = addOptions(parent.command("kubernetes <file>"))
    .description("Convert Kubernetes CronJobs (YAML) to a schedules.yaml, and report what differs")
    .action((file: string, options: Options) =>
      perform(kubernetes, (context) => print(context, file, options, "UTC", importKubernetes)),
    );
  withExamples(kubernetes, ["import kubernetes cronjobs.yaml --owner billing --topic billing.jobs"]);

  const eventbridge = addOptions(parent.command("eventbridge <file>"))
    .description("Convert schedules of EventBridge Scheduler (JSON) to a schedules.yaml, and report what differs")
    .action((file: string, options: Options) =>
      perform(eventbridge, (context) => print(context, file, options, "UTC", importEventBridge)),
    );
  withExamples(eventbridge, ["import eventbridge schedules.json --owner billing"]);
};

const addOptions = (command: Command): Command =>
  command
    .requiredOption("--owner <label>", "owner of the document")
    .option("--topic <topic>", "topic to publish to", "cron.jobs")
    .option(
      "--timezone <zone>",
      "zone of times without a zone of their own; by default that of this machine for a crontab, otherwise UTC",
    );

async function print(
  context: Context,
  file: string,
  { owner, topic, timezone }: Options,
  defaultZone: string,
  read: (text: string, options: ImportOptions) => Imported,
): Promise<void> {
  const text = await readText(context.io, file, "FILE");
  const name = file === "-" ? "standard input" : basename(file);
  let imported: Imported;
  try {
    imported = read(text, { owner, topic, timezone: timezone ?? defaultZone });
  } catch (error) {
    throw new CliError(`${name}: ${(error as Error).message}`, { cause: error });
  }
  if (context.print.format !== "table")
    return context.print.done("", { ...imported.document, report: imported.remarks });
  context.print.text(documentText(imported.document, { format: "table", url: null }));
  context.io.stderr.write(reportText(imported, name));
}
