import { expect, type Page, test } from "@playwright/test";
import axe from "axe-core";

declare global {
  interface Window {
    axe: typeof axe;
  }
}

/** The type of a test's annotation with the numbers of checked combinations and of violations. */
export const AXE_RESULT = "axe";
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** The rules whose result depends on the theme, but not on the width if the same elements are shown. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];
/** Rules whose message has a measured value. */
const MEASURING_RULES = ["color-contrast", "target-size"];
const WIDTHS = [1280, 390];
/** Not checked, because these rows are like the twelve rows before them and would double the time. */
const FURTHER_ROWS = ["tbody tr:nth-child(n+13)", "main li:nth-child(n+13)"];

/** How long a page may load: other tests slow the machine, and reads of a hung store end only at their time limits. */
export const LOADED = { timeout: 45_000 };

type Rules = "all" | "colours" | "not colours";

/** The violations of WCAG 2.2 AA that axe finds on the current page, one line each. */
export async function violations(page: Page, rules: Rules = "all"): Promise<string[]> {
  const runOnly =
    rules === "colours" ? { type: "rule" as const, values: COLOUR_RULES } : { type: "tag" as const, values: STANDARDS };
  const disabledRules =
    rules === "not colours" ? Object.fromEntries(COLOUR_RULES.map((id) => [id, { enabled: false }])) : {};
  const options = { runOnly, rules: disabledRules, resultTypes: ["violations" as const], preload: false };
  // The package @axe-core/playwright evaluates the source twice in each check. Here, once in each document is enough.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    async (input) => (await window.axe.run({ exclude: input.exclude }, input.options)).violations,
    { exclude: FURTHER_ROWS, options },
  );
  const nodeText = ({ target, any }: axe.NodeResult, id: string) =>
    `${target.join(" ")}${MEASURING_RULES.includes(id) ? ` (${any.map(({ message }) => message).join(" ")})` : ""}`;
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => nodeText(node, id)).join("; ")}`);
}

/**
 * The rules that axe checks in each theme, at the first and at the second width. `thorough` checks all rules at each
 * width, and the colour rules there in each theme. `brief` checks each rule once at each width, in different themes. It
 * is for further states of a page, because their elements are also on other pages.
 */
const DEPTHS: Record<"thorough" | "brief", Record<"light" | "dark", Rules>[]> = {
  thorough: [
    { light: "all", dark: "colours" },
    { light: "all", dark: "colours" },
  ],
  brief: [
    { light: "not colours", dark: "colours" },
    { light: "colours", dark: "not colours" },
  ],
};

/**
 * Checks the open page at both widths in both themes: axe, and no sideways scroll. The page follows the theme and the
 * width without a reload.
 */
export async function checkEverywhere(
  page: Page,
  state: string,
  { widths = WIDTHS, depth = "thorough" }: { widths?: readonly number[]; depth?: keyof typeof DEPTHS } = {},
): Promise<void> {
  const found: string[] = [];
  let combinations = 0;
  await renderAll(page);
  // Transitions do not end in a background tab, so axe would measure colours between those of the two themes.
  await addStyles(page, "*, ::before, ::after { transition: none !important; }");
  // The sticky bar below a form may by chance cover half of a control, which axe reports as too small; scrolling
  // uncovers it. Other sticky elements stay: a header that covers content is a finding.
  await addStyles(page, "footer.sticky { position: relative !important; inset: auto !important; }");
  for (const [index, width] of widths.entries()) {
    await page.setViewportSize({ width, height: 900 });
    await settled(page);
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      // The dashboard follows a change of the browser's theme, but the sign-in page only reads the theme when it loads.
      await page.locator("html").evaluate((html, isDark) => html.classList.toggle("dark", isDark), theme === "dark");
      const faults = await violations(page, DEPTHS[depth][index]?.[theme]);
      combinations += 1;
      found.push(...faults.map((fault) => `${state}, ${theme}, ${width} px: ${fault}`));
    }
    expect.soft(await overflow(page), `${state}, ${width} px scrolls sideways`).toBeLessThanOrEqual(0);
  }
  test.info().annotations.push({ type: AXE_RESULT, description: `${combinations} ${found.length}` });
  expect.soft(found, state).toEqual([]);
}

/** Checks the open page in its present width and theme: axe's rules except those for colours, and sideways scroll. */
export async function checkReflow(page: Page, state: string): Promise<void> {
  await renderAll(page);
  await settled(page);
  const found = await violations(page, "not colours");
  test.info().annotations.push({ type: AXE_RESULT, description: `1 ${found.length}` });
  expect.soft(found, state).toEqual([]);
  expect.soft(await overflow(page), `${state} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** Makes the page render the tiles below the window too, as for printing. */
async function renderAll(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
}

/** Adds rules to the open page. The pages' policy refuses style elements without its nonce. */
export async function addStyles(page: Page, css: string): Promise<void> {
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
  }, css);
}

/**
 * Waits until no part of the page is loading or opening. Content that loads after the first paint, or for another
 * width, must be checked too. An opening popup is still transparent, and axe would take its focus guards for elements
 * of the page.
 */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator("[aria-busy=true], [data-starting-style]"), page.url()).toHaveCount(0, LOADED);
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Collects the errors in a page's console, hydration errors included, and its uncaught errors. */
export function errorsOf(page: Page, into: string[] = []): string[] {
  page.on("pageerror", (error) => into.push(`${page.url()}: ${error.message}`));
  page.on("console", (line) => {
    if (line.type() === "error") into.push(`${page.url()}: ${line.text()} ${line.location().url}`);
  });
  return into;
}
