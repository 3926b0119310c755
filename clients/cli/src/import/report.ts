import type { Imported, Remark } from "./imported.js";

const ORDER: readonly Remark["kind"][] = ["skipped", "differs", "kept"];

/** The report of an import, for people: what was left out, what has a different meaning, and what has the same. */
export function reportText({ document, remarks }: Imported, file: string): string {
  const lines = ORDER.flatMap((kind) =>
    remarks
      .filter((remark) => remark.kind === kind)
      .map(({ line, name, message }) => {
        const place = line === null ? file : `${file}:${line}`;
        return `${place}: ${kind}: ${name === null ? "" : `"${name}": `}${message}`;
      }),
  );
  const count = (kind: Remark["kind"]) =>
    new Set(remarks.filter((one) => one.kind === kind && one.name !== null).map(({ name, line }) => `${line} ${name}`))
      .size;
  const { length } = document.schedules;
  lines.push(
    `${length} imported, ${count("differs")} of them with a difference listed above; ${count("skipped")} left out`,
  );
  return `${lines.join("\n")}\n`;
}
