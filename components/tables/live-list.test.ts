import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { Page } from "~/server/domain/views";
import { LiveList } from "./live-list";

interface Job {
  id: string;
}

/** The HTML of the Previous and the Next button of the second of three pages. */
function pagerOf({ isPlaceholderData }: { isPlaceholderData: boolean }) {
  const data: Page<Job> = { items: [{ id: "a" }], nextCursor: "third", total: 3, totalIsExact: true };
  const html = renderToStaticMarkup(
    createElement(LiveList<Job>, {
      query: { data, error: null, isFetching: true, dataUpdatedAt: 1, isPlaceholderData, refetch: () => {} },
      pages: { cursor: "second", goTo: () => {} },
      noun: "job",
      caption: "Jobs",
      rowId: ({ id }) => id,
      columns: [{ id: "name", header: "Name", rowHeader: true, cell: ({ id }) => id }],
      onOpen: () => {},
    }),
  );
  return html.slice(html.indexOf('aria-label="Pages"')).match(/<button[^>]*>/g) ?? [];
}

it("offers the pages before and after the rows", () => {
  const buttons = pagerOf({ isPlaceholderData: false });
  expect(buttons).toHaveLength(2);
  for (const button of buttons) expect(button).not.toMatch(/ disabled=""|aria-disabled="true"/);
});

it("disables both buttons, and keeps their focus, while it shows the rows of another query", () => {
  const buttons = pagerOf({ isPlaceholderData: true });
  expect(buttons).toHaveLength(2);
  for (const button of buttons) {
    expect(button).toContain('aria-disabled="true"');
    // An element with this attribute loses the focus.
    expect(button).not.toContain(' disabled=""');
  }
});
