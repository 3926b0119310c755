import type { Locator, Page } from "@playwright/test";

/** A list of a page: a table, and below 640 px a list of cards. */
export class List {
  constructor(
    private readonly page: Page,
    /** The caption of the table. */
    private readonly name: string,
  ) {}

  table(): Locator {
    return this.page.getByRole("table", { name: this.name });
  }

  cards(): Locator {
    return this.page.getByRole("list", { name: this.name });
  }

  /** The first row or card with this text. */
  row(text: string): Locator {
    return this.table().getByRole("row").or(this.cards().getByRole("listitem")).filter({ hasText: text }).first();
  }
}

/**
 * Scrolls the element to the middle of the window. Returns whether the middles of its left and right edges are inside
 * the window and uncovered: the topmost element there is the element, its descendant or its ancestor.
 */
export function isFullyShown(part: Locator): Promise<boolean> {
  return part.evaluate((element) => {
    window.scrollBy(0, element.getBoundingClientRect().top - window.innerHeight / 2);
    const { left, right, top, height } = element.getBoundingClientRect();
    // One pixel inside, because the edge may belong to the neighbour.
    return [left + 1, right - 1].every((x) => {
      // Ignore the transparent link that covers the row.
      const hit = document.elementsFromPoint(x, top + height / 2).find((found) => found.localName !== "a");
      return hit !== undefined && (element.contains(hit) || hit.contains(element));
    });
  });
}
