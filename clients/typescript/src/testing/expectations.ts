import { isDeepStrictEqual } from "node:util";
import { stringifyJson } from "../json.js";
import { msOf } from "./times";
import type { ExpectedEvent, FiredEvent } from "./types";

/** Whether the event has the value of every field that the filter sets. */
export function matches<T extends object>(event: T, filter: object): boolean {
  return Object.entries(filter).every(([field, value]) => value === undefined || event[field as keyof T] === value);
}

/** Throws unless the events match. Test runners show the error's `expected` and `actual` as a diff. */
export function requireEvents(actual: readonly FiredEvent[], expected: readonly ExpectedEvent[]): void {
  const wanted = expected.map(fieldsOf);
  const shown = actual.map((event, index) => pick(event, Object.keys(wanted[index] ?? { at: "" })));
  if (isDeepStrictEqual(shown, wanted)) return;
  const list = (events: readonly object[]) =>
    events.length === 0 ? "  none" : events.map((event) => `  ${lineOf(event)}`).join("\n");
  const message = `Expected ${wanted.length} events:\n${list(wanted)}\nbut ${shown.length} were published:\n${list(shown)}`;
  throw Object.assign(new Error(message), {
    name: "AssertionError",
    code: "ERR_ASSERTION",
    actual: shown,
    expected: wanted,
  });
}

/** The expected fields in their given order, with times written as in events. */
function fieldsOf(expected: ExpectedEvent, index: number): Record<string, unknown> {
  const isTime = typeof expected !== "object" || expected instanceof Date;
  const fields: Record<string, unknown> = isTime ? { at: expected } : { ...expected };
  for (const name of ["at", "scheduled_for"]) {
    if (fields[name] === undefined) continue;
    fields[name] = new Date(msOf(fields[name], `expected.${index}.${name}`)).toISOString();
  }
  return fields;
}

const pick = (event: FiredEvent, fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, event[field as keyof FiredEvent]]));

function lineOf(event: object): string {
  const { at, ...rest } = event as { at?: string };
  const others = Object.keys(rest).length === 0 ? [] : [stringifyJson(rest)];
  return [...(at === undefined ? [] : [at]), ...others].join(" ");
}
