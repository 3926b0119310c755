import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import type { Stack } from "./stack";

export interface Screen {
  name: string;
  path: string;
  /** Opens a dialog, a menu or a sheet. The picture then shows only the window, not the whole page. */
  open?: (page: Page) => Promise<void>;
  /** Whose session is used; the admin's by default. */
  as?: "viewer" | "nobody";
}

export const THEMES = ["light", "dark"] as const;
export const WIDTHS = [1280, 390] as const;
export type Theme = (typeof THEMES)[number];
export const HEIGHTS = { 1280: 800, 390: 844 } as const;

/** Cookies of a session. */
export type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

/**
 * Takes pictures of the screens in one theme and width, into the folder `out`. Returns a line for each screen that
 * could not be taken.
 */
export async function photograph(input: {
  browser: Browser;
  stack: Stack;
  screens: readonly Screen[];
  sessions: { admin?: Session; viewer?: Session };
  theme: Theme;
  width: (typeof WIDTHS)[number];
  out: string;
  /** Called with each page while it shows its screen. */
  onShown?: (page: Page, screen: Screen) => Promise<void>;
}): Promise<string[]> {
  const { browser, stack, screens, sessions, theme, width, out, onShown } = input;
  const faults: string[] = [];
  for (const who of ["admin", "viewer", "nobody"] as const) {
    const own = screens.filter((screen) => (screen.as ?? "admin") === who);
    if (own.length === 0) continue;
    const context = await browser.newContext({
      baseURL: stack.address,
      storageState: who === "nobody" ? undefined : sessions[who],
      viewport: { width, height: HEIGHTS[width] },
      colorScheme: theme,
      reducedMotion: "reduce",
      timezoneId: "Europe/Berlin",
      locale: "en-GB",
    });
    await context.addCookies([{ name: "theme", value: theme, url: stack.address }]);
    for (const screen of own) {
      // A new tab for each screen, because the palette and forms keep their state.
      const page = await context.newPage();
      const name = `${screen.name}-${theme}-${width}`;
      try {
        await page.goto(screen.path);
        await untilSettled(page);
        if (screen.open) {
          await screen.open(page);
          await untilSettled(page);
        }
        await onShown?.(page, screen);
        if (!screen.open) await growToPage(page);
        await page.screenshot({ path: join(out, `${name}.png`), animations: "disabled" });
      } catch (error) {
        faults.push(`${name}: ${error}`);
      }
      await page.close();
    }
    await context.close();
  }
  return faults;
}

/** Makes the window as high as the page: a full-page picture would show sticky parts in the middle. */
async function growToPage(page: Page): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
  // Twice, because parts below the fold load when they come into view.
  for (let times = 0; times < 2; times++) {
    const wanted = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.max(height, wanted) });
    await untilSettled(page);
  }
}

/** Parts that wait for data, and the outage banner, which appears for a moment if the machine is busy. */
const UNSETTLED = "[aria-busy=true], [data-skeleton], [role=alert][aria-label=Outage]:not(:empty), .animate-spin";

/** Resolves when no part of the page has been unsettled for half a second. */
export async function untilSettled(page: Page): Promise<void> {
  await page.evaluate(() => {
    (window as { quietSince?: number }).quietSince = undefined;
  });
  await page.waitForFunction(
    (unsettled) => {
      const state = window as { quietSince?: number };
      if (document.querySelector(unsettled)) state.quietSince = undefined;
      else state.quietSince ??= performance.now();
      return state.quietSince !== undefined && performance.now() - state.quietSince > 500;
    },
    UNSETTLED,
    { polling: 100, timeout: 60_000 },
  );
}
