import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { DataTable, type DataTableProps } from "./data-table";

interface Row {
  id: string;
  runs: number;
}

const render = (more: Partial<DataTableProps<Row>>) =>
  renderToStaticMarkup(
    createElement(DataTable<Row>, {
      caption: "Jobs",
      rows: [
        { id: "a", runs: 1 },
        { id: "b", runs: 2 },
      ],
      rowId: ({ id }) => id,
      rowLabel: ({ id }) => `job ${id}`,
      columns: [
        { id: "name", header: "Name", rowHeader: true, sortable: true, cell: ({ id }) => id },
        { id: "runs", header: "Runs", sortable: true, cell: ({ runs }) => runs },
      ],
      ...more,
    }),
  );
const count = (html: string, part: RegExp) => html.match(part)?.length ?? 0;

it("is a table with a caption, and a header for each row", () => {
  const html = render({});
  expect(html).toMatch(/<caption[^>]*>Jobs<\/caption>/);
  expect(count(html, /data-row="/g)).toBe(2);
  expect(count(html, /<th[^>]*scope="row"/g)).toBe(2);
  expect(html).not.toContain("checkbox");
});

it("shows the sorted column and direction, and offers sorting only with `onSortChange`", () => {
  const html = render({ sort: { id: "runs", desc: true }, onSortChange: () => {} });
  expect(count(html, /aria-sort="descending"/g)).toBe(1);
  expect(html).not.toContain('aria-sort="ascending"');
  expect(count(html.slice(0, html.indexOf("<tbody")), /<button/g)).toBe(2);
  expect(render({})).not.toContain("<button");
});

it("shows the details of a row below it, as wide as the table", () => {
  const html = render({ details: ({ id }) => (id === "a" ? { id: "more-a", content: "Details of a" } : null) });
  expect(count(html, /Details of/g)).toBe(1);
  expect(html).toMatch(/data-row="a".*<tr id="more-a".*colSpan="2".*Details of a.*data-row="b"/);
});

it("names the checkbox of each row, and marks the selected row", () => {
  const html = render({ selected: new Set(["b"]), onSelectedChange: () => {} });
  expect(html).toContain('aria-label="Select job a"');
  expect(html).toContain('aria-label="Select job b"');
  expect(count(html, / data-picked="/g)).toBe(1);
});

it("offers to select all rows only if there are rows", () => {
  const selection = { selected: new Set<string>(), onSelectedChange: () => {} };
  expect(render(selection)).toContain('aria-label="Select all 2 on this page"');
  expect(render({ ...selection, rows: [] })).not.toContain("Select all");
});

it("shows skeleton rows before the first load and the empty state without rows", () => {
  const loading = render({ rows: undefined });
  expect(loading).toContain('aria-busy="true"');
  expect(loading).toContain("Loading");
  const empty = render({ rows: [], empty: "Nothing here" });
  expect(empty).toContain("Nothing here");
  expect(empty).not.toContain("aria-busy");
});

it("keeps the rows below an error, and shows no empty state beside an error", () => {
  expect(render({ error: "It failed" })).toContain('data-row="a"');
  const failed = render({ rows: undefined, error: "It failed", empty: "Nothing here" });
  expect(failed).toContain("It failed");
  expect(failed).not.toContain("Nothing here");
});
