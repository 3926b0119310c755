import { expect, test } from "vitest";
import { openRow } from "./open-row";

const row = (id: string, text = "") => ({ id, text });
const rowId = ({ id }: { id: string }) => id;

test("openRow finds the row of the URL, with its newest data", () => {
  const rows = [row("a"), row("b", "new")];
  expect(openRow({ id: "b", rows, kept: row("b", "old"), rowId })).toEqual(row("b", "new"));
  expect(openRow({ id: "c", rows, kept: null, rowId })).toBeNull();
  expect(openRow({ id: null, rows, kept: row("b"), rowId })).toBeNull();
});

test("openRow keeps a row open that has left the list, but not another one", () => {
  expect(openRow({ id: "b", rows: [row("a")], kept: row("b", "old"), rowId })).toEqual(row("b", "old"));
  expect(openRow({ id: "b", rows: [row("a")], kept: row("c"), rowId })).toBeNull();
  expect(openRow({ id: "b", rows: undefined, kept: null, rowId })).toBeNull();
});
