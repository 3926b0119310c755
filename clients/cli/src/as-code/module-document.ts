import { pathToFileURL } from "node:url";
import { isDefinedSchedule, type ScheduleEntry } from "@stufio/schedules-client";
import { createJiti } from "jiti";
import { CliError } from "../exit.js";
import { NO_LIST, type ReadDocument } from "./yaml-document.js";

/** Whether a file is a module, and not YAML or JSON. */
export const isModule = (file: string): boolean => /\.[cm]?[jt]s$/.test(file);

/**
 * Runs a TypeScript or JavaScript module, and collects its schedules: the list `schedules` of its default export, and
 * all values of `defineSchedule` that it exports, alone or in lists.
 * @throws CliError if the module fails, has neither a schedule nor such a list, or `schedules` is no list
 */
export async function readModule(path: string, file: string): Promise<ReadDocument> {
  const exported = await createJiti(import.meta.url, { moduleCache: false })
    .import<Record<string, unknown>>(pathToFileURL(path).href)
    .catch((error: Error) => {
      throw new CliError(`${file} could not be run: ${error.message}`, { cause: error });
    });
  const { default: document } = exported as { default?: Partial<ReadDocument> };
  const listed = document?.schedules;
  // Read as no schedules, it would remove all schedules of the owner with --prune.
  if (listed !== undefined && !Array.isArray(listed)) throw new CliError(`${file} ${NO_LIST}`);
  const own: unknown[] = listed ?? [];
  const others = Object.entries(exported).flatMap(([, value]) => (Array.isArray(value) ? value : [value]));
  const defined = others.filter((value): value is ScheduleEntry => isDefinedSchedule(value) && !own.includes(value));
  const schedules = [...own, ...new Set(defined)];
  // An empty list is a document without schedules; no list at all is a mistake.
  if (schedules.length === 0 && listed === undefined) {
    throw new CliError(
      `${file} exports no schedule (expected: values of defineSchedule, or defineSchedules as default)`,
    );
  }
  return {
    version: document?.version,
    owner: document?.owner ?? exported.owner,
    schedules,
    placeOf(field) {
      const [list, index, ...rest] = field.split(".");
      if (list !== "schedules" || index === undefined) return `${file} ${field}`;
      const { name } = (schedules[Number(index)] ?? {}) as { name?: unknown };
      return `${file} ${[name === undefined ? `schedules[${index}]` : `"${name}"`, ...rest].join(" ")}`;
    },
  };
}
