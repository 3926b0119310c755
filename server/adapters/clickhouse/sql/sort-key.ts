import { epochMs, instant } from "./time-columns";

/** What a list may be sorted by. */
export interface SortKey {
  name: string;
  /** What rows are ordered by: a bare column where there is one, which the engine can skip by. */
  key: string;
  mayBeNull: boolean;
  /** The key as a cursor has it, what that is, and the placeholder that makes it a key again. */
  value: string;
  type: "string" | "number";
  given(name: string): string;
}

export const byTime = (column: string, mayBeNull: boolean): SortKey => ({
  name: column,
  key: column,
  mayBeNull,
  value: epochMs(column),
  type: "number",
  given: instant,
});
export const byText = (name: string, key: string, mayBeNull: boolean): SortKey => ({
  name,
  key,
  mayBeNull,
  value: key,
  type: "string",
  given: (param) => `{${param}:String}`,
});

export const BY_ID: SortKey = byText("schedule_id", "schedule_id", false);
