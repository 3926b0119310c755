/** A schedule of a document, with the field names of the API. */
export type ImportedEntry = { name: string } & Record<string, unknown>;

/** A remark about an imported job or about all of them, or the reason why a job was left out. */
export interface Remark {
  /** The line of the file, from 1; null for a remark about the whole file, and for all remarks about EventBridge. */
  line: number | null;
  /** The name of the schedule or of the job; null if it is about the whole file or a line that sets a variable. */
  name: string | null;
  /** `skipped`: not imported; `differs`: imported with a different meaning; `kept`: imported with the same meaning. */
  kind: "skipped" | "differs" | "kept";
  message: string;
}

export interface Imported {
  document: { version: 1; owner: string; schedules: ImportedEntry[] };
  remarks: Remark[];
}

export interface ImportOptions {
  owner: string;
  topic: string;
  /** The zone of times without a zone of their own. */
  timezone: string;
}

/** Returns a function that makes names unique by appending a number. */
export function uniqueNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    let name = wanted.slice(0, 190).trim();
    for (let n = 2; taken.has(name); n += 1) name = `${wanted.slice(0, 190).trim()} ${n}`;
    taken.add(name);
    return name;
  };
}

/** Removes fields without a value. */
export function compact<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
