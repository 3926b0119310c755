import { writeFile } from "node:fs/promises";
import { dataOf } from "@stufio/schedules-client";
import type { Command } from "commander";
import { documentText } from "../../as-code/document-text.js";
import { changeCount, type Difference, printDifference } from "../../as-code/print-difference.js";
import { loadDocument, type SourceOptions, withPlaces } from "../../as-code/read-document.js";
import { type AddCommands, withExamples } from "../../command.js";
import { addYesOption, type ConfirmOptions, confirm } from "../../confirm.js";
import type { Context } from "../../context.js";
import { EXIT, type ExitCode } from "../../exit.js";

interface DiffOptions extends SourceOptions {
  prune?: boolean;
  adopt?: boolean;
  check?: boolean;
}

/** Adds `schedules diff`, `apply` and `export`: schedules as code. */
export const addSchedulesAsCode: AddCommands = (schedules, perform) => {
  const diff = addDocumentOptions(schedules.command("diff <file>"))
    .description("Show what a document would change, and how the runs move. Changes nothing")
    .option("--prune", "show removals as apply --prune makes them")
    .action((file: string, options: DiffOptions) =>
      perform(diff, async (context) => {
        const { difference } = await compare(context, file, options);
        printDifference(context, difference, { prune: options.prune === true });
        return checked(difference, options);
      }),
    );
  withExamples(diff, [
    "schedules diff schedules.yaml",
    "schedules diff schedules.yaml --prune --check",
    "schedules diff schedules.ts --owner billing",
  ]);

  const apply = addDocumentOptions(schedules.command("apply <file>"))
    .description("Add and change the schedules of an owner to match a document")
    .option("--prune", "delete schedules of the owner that the document does not have");
  addYesOption(apply).action((file: string, options: DiffOptions & ConfirmOptions) =>
    perform(apply, async (context) => {
      const { loaded, difference } = await compare(context, file, options);
      const { adds, changes, removals, unchanged } = difference;
      const prune = options.prune === true;
      const changesNothing = changeCount(difference) === (prune ? 0 : removals.length);
      // As JSON, an apply prints only its own answer.
      if (context.print.format === "table" || options.check || changesNothing) {
        printDifference(context, difference, { prune });
      }
      if (options.check || changesNothing) return checked(difference, options);
      const removesAll = prune && removals.length > 0 && changes.length + unchanged === 0;
      if (removesAll)
        await confirm(context, `Delete all ${removals.length} schedules of ${difference.owner}?`, options);
      const client = await context.client({ takesLong: true });
      const body = { ...loaded.body, adopt: options.adopt, prune, allow_empty: removesAll };
      const applied = await withPlaces(
        loaded,
        client.api.POST("/admin/schedules/documents/apply", { body, ...context.call }).then(dataOf),
      );
      if (context.print.format === "table") {
        const removed = applied.pruned ? applied.removals.length : 0;
        context.print.text(`Applied: ${adds.length} added, ${changes.length} changed, ${removed} removed`);
      } else context.print.done("", applied);
      return EXIT.ok;
    }),
  );
  withExamples(apply, [
    "schedules apply schedules.yaml",
    "schedules apply schedules.yaml --prune --yes",
    "schedules apply schedules.yaml --adopt",
  ]);

  const exported = schedules
    .command("export")
    .description("Print the document of an owner, as apply reads it")
    .requiredOption("--owner <label>", "owner of the document")
    .option("--unowned", "also schedules that belong to no document, for apply --adopt")
    .option("--file <path>", "write to a file")
    .action((options: { owner: string; unowned?: boolean; file?: string }) =>
      perform(exported, async (context) => {
        const client = await context.client({ takesLong: true });
        const query = { owner: options.owner, unowned: options.unowned ?? false };
        const { skipped, ...document } = dataOf(
          await client.api.GET("/admin/schedules/documents/export", { params: { query }, ...context.call }),
        );
        for (const { schedule_id, reason } of skipped) context.note(`Left out ${schedule_id}: ${reason}`);
        const text = documentText(document, { format: context.print.format, url: context.target.url });
        if (options.file === undefined) context.print.text(text);
        else await writeFile(options.file, text);
      }),
    );
  withExamples(exported, [
    "schedules export --owner billing",
    "schedules export --owner billing --unowned --file schedules.yaml",
  ]);
};

const addDocumentOptions = (command: Command): Command =>
  command
    .option("--owner <label>", "owner of the document, instead of that in the file")
    .option("--adopt", "take over schedules of the same names that belong to no document")
    .option("--check", "change nothing, and exit with 2 if there is a difference")
    .option("--repository <address>", "repository of the file, by default from CI variables or git")
    .option("--commit <id>", "commit of the file, by default from CI variables or git");

async function compare(context: Context, file: string, options: DiffOptions) {
  const loaded = await loadDocument(context.io, file, options);
  const client = await context.client({ takesLong: true });
  const body = { ...loaded.body, adopt: options.adopt };
  const difference = await withPlaces(
    loaded,
    client.api.POST("/admin/schedules/documents/diff", { body, ...context.call }).then(dataOf),
  );
  return { loaded, difference };
}

const checked = (difference: Difference, { check }: DiffOptions): ExitCode =>
  check && changeCount(difference) > 0 ? EXIT.drift : EXIT.ok;
