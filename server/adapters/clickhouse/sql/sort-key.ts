import { epochMs, instant } from "./time-columns";

export interface SortKey {
  name: string;
  /** The SQL expression to order by. ClickHouse can skip data if the expression is a bare column. */
  key: string;
  mayBeNull: boolean;
  /** The SQL expression of the value that a cursor stores. */
  value: string;
  /** The type of the value in a cursor. */
  type: "string" | "number";
  /** The SQL of the cursor's value, passed as the parameter `name`. */
  placeholder(name: string): string;
}

export const byTime = (column: string, mayBeNull: boolean): SortKey => ({
  name: column,
  key: column,
  mayBeNull,
  value: epochMs(column),
  type: "number",
  placeholder: instant,
});
export const byText = (name: string, key: string, mayBeNull: boolean): SortKey => ({
  name,
  key,
  mayBeNull,
  value: key,
  type: "string",
  placeholder: (param) => `{${param}:String}`,
});

export const BY_ID: SortKey = byText("schedule_id", "schedule_id", false);
