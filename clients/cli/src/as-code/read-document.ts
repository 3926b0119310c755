import { basename, resolve } from "node:path";
import { SchedulesError } from "@stufio/schedules-client";
import { CliError } from "../exit.js";
import type { Io } from "../io.js";
import { readText } from "../json-input.js";
import { isModule, readModule } from "./module-document.js";
import { type DocumentSource, findSource } from "./source.js";
import { type ReadDocument, readYaml } from "./yaml-document.js";

export interface SourceOptions {
  owner?: string;
  repository?: string;
  commit?: string;
}

/** A document as the API reads it. The server validates the schedules. */
export interface LoadedDocument {
  body: { version?: 1; owner: string; schedules: never[]; source?: DocumentSource };
  placeOf: ReadDocument["placeOf"];
}

/**
 * Reads a file, or standard input for "-".
 * @throws CliError for a file that cannot be read, is no document, has no owner, or has a version other than 1
 */
export async function loadDocument(io: Io, path: string, options: SourceOptions): Promise<LoadedDocument> {
  const isInput = path === "-";
  const file = isInput ? "standard input" : path;
  const read = isModule(path)
    ? await readModule(resolve(path), basename(path))
    : readYaml(await readText(io, path, "FILE"), file);
  const owner = options.owner ?? read.owner;
  if (typeof owner !== "string" || owner === "") {
    throw new CliError(`${read.placeOf("owner")}: is missing (expected: a label such as billing, or --owner)`);
  }
  if (read.version !== undefined && read.version !== 1) {
    throw new CliError(`${read.placeOf("version")}: is ${JSON.stringify(read.version)} (expected: 1)`);
  }
  const found = isInput ? {} : await findSource(io, resolve(path));
  const given = { repository: options.repository, commit: options.commit };
  const source = { ...found, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
  return {
    body: {
      version: 1,
      owner,
      schedules: read.schedules as never[],
      ...(Object.keys(source).length === 0 ? {} : { source }),
    },
    placeOf: read.placeOf,
  };
}

/** Replaces the field of each fault in an error of the server by its place in the file. */
export async function withPlaces<T>({ placeOf }: LoadedDocument, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof SchedulesError) || error.faults.length === 0) throw error;
    const { code, message, status, problem, cause } = error;
    const errors = error.faults.map((fault) => ({ ...fault, field: placeOf(fault.field) }));
    throw new SchedulesError({ code, message, status: status ?? undefined, problem: { ...problem, errors }, cause });
  }
}
