import { bodyFault } from "~/components/forms/json-body";
import { MAX_PAYLOAD_BYTES } from "~/server/domain/schedule-limits";

export interface HeaderLine {
  id: number;
  name: string;
  value: string;
}

/** The edited fields of a replay's content. `fault` says why the edit cannot be sent. */
export interface ReplayDraft {
  edit: { body?: string; headers?: Record<string, string> };
  fault: string | null;
}

/** One line to edit for each header. */
export function headerLines(headers: Readonly<Record<string, string>>): HeaderLine[] {
  return Object.entries(headers).map(([name, value], id) => ({ id, name, value }));
}

/**
 * Compares the edited content with the original.
 *
 * @param original the execution, with its headers
 * @param shown the text of the payload when the editor opened
 * @param body the text of the payload now
 * @param lines the headers now; null if they cannot be edited
 */
export function draftOf(input: {
  original: { headers: Readonly<Record<string, string>> };
  shown: string;
  body: string;
  lines: readonly HeaderLine[] | null;
}): ReplayDraft {
  const { original, shown, body, lines } = input;
  const edit: ReplayDraft["edit"] = {};
  if (body !== shown) edit.body = body.trim() === "" ? "{}" : body;
  const named = (lines ?? []).filter(({ name, value }) => name.trim() !== "" || value !== "");
  const headers = Object.fromEntries(named.map(({ name, value }) => [name.trim(), value]));
  if (lines !== null && JSON.stringify(headers) !== JSON.stringify(original.headers)) edit.headers = headers;
  return {
    edit,
    fault: (edit.body === undefined ? null : bodyFault(edit.body, MAX_PAYLOAD_BYTES)) ?? nameFault(named),
  };
}

function nameFault(lines: readonly HeaderLine[]): string | null {
  const names = lines.map(({ name }) => name.trim());
  if (names.includes("")) return "Enter a name for each header.";
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return repeated === undefined ? null : `The header ${repeated} occurs more than once.`;
}
