import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "@playwright/test";
import { presentChromium } from "~/scripts/test/chromium.mjs";

const ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"];
const WATCHER = fileURLToPath(new URL("./watch-vitals.js", import.meta.url));
const VIEWPORT = { width: 1280, height: 800 };
/** A page is complete when for this long nothing was loading, and no larger paint or layout shift has happened. */
const QUIET_MS = 1500;
const TIMEOUT_MS = 60_000;

/** Measurements of the first load of a page, with an empty cache. */
export interface PageLoad {
  /** Largest contentful paint, ms since the navigation began. */
  lcpMs: number;
  /** Sum of all layout shifts. */
  shift: number;
  /** Transferred bytes of all scripts. */
  scriptBytes: number;
}

/** The values that watch-vitals.js collects. */
interface Vitals {
  lcpMs: number;
  shift: number;
  /** When the page last changed or was loading, ms since the navigation began. */
  changedAt: number;
}

/** Throws if there is no Chromium. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = presentChromium();
  if (!executablePath) throw new Error("there is no Chromium: install one, or set CHROMIUM_PATH");
  return await chromium.launch({ executablePath, args: ARGS });
}

/** Returns the browser state with the session cookie. */
export async function signIn(browser: Browser, url: string, user: { email: string; password: string }) {
  const context = await browser.newContext({ baseURL: url });
  const answer = await context.request.post("/api/auth/sign-in", { headers: { origin: url }, data: user });
  if (answer.status() !== 200) throw new Error(`the sign-in answered ${answer.status()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Runs in the page. Whether nothing is loading and nothing has changed for `quietMs`. */
function isComplete(quietMs: number): boolean {
  const { vitals } = window as unknown as { vitals: Vitals };
  // The content that replaces a skeleton must still be painted.
  if (document.querySelector("[aria-busy=true], .animate-pulse")) vitals.changedAt = performance.now();
  return vitals.lcpMs > 0 && performance.now() > vitals.changedAt + quietMs;
}

/** Runs in the page. Resolves after two frames, when the current content is painted. */
function nextPaint(): Promise<number> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

/** Opens the address with an empty cache and waits until the page is complete. */
export async function loadPage(
  browser: Browser,
  url: string,
  session: Awaited<ReturnType<typeof signIn>>,
): Promise<PageLoad> {
  const context = await browser.newContext({ viewport: VIEWPORT, storageState: session });
  try {
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    const scripts = new Set<string>();
    let scriptBytes = 0;
    network.on("Network.responseReceived", ({ requestId, type }) => type === "Script" && scripts.add(requestId));
    network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) scriptBytes += encodedDataLength;
    });
    await network.send("Network.enable");
    await page.addInitScript({ path: WATCHER });
    await page.goto(url, { timeout: TIMEOUT_MS });
    const untilComplete = () => page.waitForFunction(isComplete, QUIET_MS, { timeout: TIMEOUT_MS, polling: 100 });
    await untilComplete();
    // A busy machine paints late, so wait for the paint and check again.
    await page.evaluate(nextPaint);
    await untilComplete();
    const { lcpMs, shift } = await page.evaluate(() => (window as unknown as { vitals: Vitals }).vitals);
    return { lcpMs, shift, scriptBytes };
  } finally {
    await context.close();
  }
}
