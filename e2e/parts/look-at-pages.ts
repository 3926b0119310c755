import { type BrowserContext, expect, type Page } from "@playwright/test";
import { checkEverywhere, errorsOf, LOADED, settled } from "./accessibility";

/**
 * Number of tabs: one waits for the server while the other is checked. While a store hangs, the requests of more tabs
 * would wait for each other, because a browser opens at most six connections.
 */
const TABS = 2;

/**
 * Opens each path, and checks it in both themes and at both widths. Returns the errors in the console.
 */
export async function lookAtPages(
  context: BrowserContext,
  input: {
    state: string;
    paths: readonly string[];
    /** Called with each page before the page is checked. */
    opened?: (page: Page, path: string) => Promise<void>;
    /** How much axe runs; see `checkEverywhere`. */
    depth?: "thorough" | "brief";
  },
): Promise<string[]> {
  const errors: string[] = [];
  const queue = [...input.paths.entries()];
  const look = async (page: Page) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, path] = next;
      // The pages load alternately at the wide and at the narrow width.
      const widths = index % 2 === 0 ? [1280, 390] : [390, 1280];
      await page.setViewportSize({ width: widths[0] as number, height: 900 });
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 }).first(), path).toBeVisible(LOADED);
      await settled(page);
      await input.opened?.(page, path);
      await checkEverywhere(page, `${input.state} ${path}`, { widths, depth: input.depth });
    }
  };
  const pages = await Promise.all(Array.from({ length: TABS }, () => context.newPage()));
  for (const page of pages) errorsOf(page, errors);
  await Promise.all(pages.map(look));
  await Promise.all(pages.map((page) => page.close()));
  return errors;
}
