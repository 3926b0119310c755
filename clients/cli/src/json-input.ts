import { readFile } from "node:fs/promises";
import { parseJson } from "@stufio/schedules-client";
import { usageError } from "./exit.js";
import { type Io, readInput } from "./io.js";

/** Reads a file, or standard input for "-". Errors begin with `option`. */
export async function readText(io: Io, path: string, option: string): Promise<string> {
  if (path === "-") return readInput(io);
  return readFile(path, "utf8").catch((error: Error) => {
    throw usageError(`${option}: ${path} could not be read: ${error.message}`);
  });
}

/** Parses a JSON object. Errors begin with `source`. */
export function jsonObject(text: string, source: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw usageError(`${source} must be a JSON object: ${(error as Error).message}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw usageError(`${source} must be a JSON object such as {"user_id": 123}`);
}

/** The text of a JSON object: the text itself, or with "@" in front the file that contains it. */
export async function jsonTextArgument(io: Io, text: string, option: string): Promise<string> {
  const read = text.startsWith("@") ? await readText(io, text.slice(1), option) : text;
  jsonObject(read, option);
  return read;
}

/** Headers from `NAME=VALUE`. */
export function headersOf(pairs: readonly string[]): Record<string, string> {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw usageError(`--header: "${pair}" must be NAME=VALUE`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}
