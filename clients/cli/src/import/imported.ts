/** A schedule of a document, with the field names of the API. */
export type ImportedEntry = { name: string } & Record<string, unknown>;

/** What differs between the imported job and its schedule, or why the job was left out. */
export interface Remark {
  /** The line of the file, from 1; null if it is about the whole file. */
  line: number | null;
  /** The name of the schedule or of the job; null if it is about the whole file. */
  name: string | null;
  /** `skipped`: not imported; `differs`: with another meaning; `kept`: with its meaning by a setting. */
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

/** Gives a name to each schedule that no earlier one has. */
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
