import type { Schemas } from "@stufio/schedules-client";
import type { Context } from "../context.js";
import { printable } from "../output/text.js";

export type Difference = Schemas["DocumentDifference"];
type Item = Difference["adds"][number];

/** The number of schedules that a document adds and changes, and of those that it removes with `--prune`. */
export const changeCount = ({ adds, changes, removals }: Difference): number =>
  adds.length + changes.length + removals.length;

/** Prints what a document changes, for people; in another format than a table, prints the answer. */
export function printDifference({ print }: Context, difference: Difference, { prune }: { prune: boolean }): void {
  if (print.format !== "table") {
    print.done("", difference);
    return;
  }
  const { adds, changes, removals } = difference;
  const lines = [
    ...adds.flatMap((item) => [print.paint("green", `+ ${titleOf(item)}`), ...detailsOf(item)]),
    ...changes.flatMap((item) => [print.paint("yellow", `~ ${titleOf(item)}`), ...detailsOf(item)]),
    ...removals.flatMap((item) => [
      print.paint("red", `- ${titleOf(item)}${prune ? "" : " (kept: removals need --prune)"}`),
      ...detailsOf(item),
    ]),
    summary(difference, { prune }),
  ];
  print.text(lines.join("\n"));
}

const titleOf = ({ name, adopted, edited }: Item) =>
  `${printable(name ?? "without a name")}${adopted ? " (adopted)" : ""}${edited ? " (edited outside of the document)" : ""}`;

function detailsOf({ fields, difference }: Item): string[] {
  const changed = fields.map(({ field, before, after }) =>
    before === null && after === null ? `${field} changes` : `${field}: ${inWords(before)} -> ${inWords(after)}`,
  );
  return [...changed, difference].map((line) => `    ${printable(line)}`);
}

const inWords = (value: unknown) => (value === null ? "none" : JSON.stringify(value));

function summary({ owner, adds, changes, removals, unchanged }: Difference, how: { prune: boolean }): string {
  const removed = how.prune ? `${removals.length} to remove` : `${removals.length} not in the document`;
  return `${owner}: ${adds.length} to add, ${changes.length} to change, ${removed}, ${unchanged} unchanged`;
}
