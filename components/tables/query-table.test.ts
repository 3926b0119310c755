import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { QueryTable, type QueryTableProps } from "./query-table";

interface Job {
  id: string;
}

const AT = Date.parse("2026-11-29T14:05:00Z");
const render = ({ rows, failed }: { rows: Job[] | undefined; failed: boolean }) => {
  const props: QueryTableProps<Job> = {
    query: {
      error: failed ? new Error("offline") : null,
      isFetching: false,
      dataUpdatedAt: rows === undefined ? 0 : AT,
      refetch: () => {},
    },
    noun: "job",
    caption: "Jobs",
    rows,
    rowId: ({ id }) => id,
    columns: [{ id: "name", header: "Name", rowHeader: true, cell: ({ id }) => id }],
  };
  return renderToStaticMarkup(createElement(QueryTable<Job>, props));
};

it("keeps the rows of the last answer if a refresh fails, and shows the time of that answer", () => {
  const html = render({ rows: [{ id: "a" }], failed: true });
  expect(html).toContain('data-row="a"');
  expect(html).toContain("14:05:00");
  expect(html).toContain("Try again");
  expect(html).not.toContain("could not be loaded");
});

it("shows the error in place of rows that were never loaded", () => {
  expect(render({ rows: undefined, failed: true })).toContain("The jobs could not be loaded");
});

it("shows no time of the last answer if there is no error", () => {
  expect(render({ rows: [{ id: "a" }], failed: false })).not.toContain("14:05:00");
});
