import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "@playwright/test";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"];
const WATCHER = fileURLToPath(new URL("./watch-vitals.js", import.meta.url));
const VIEWPORT = { width: 1280, height: 800 };
/** Nothing painted larger and nothing moved for so long: the page stands. */
const QUIET_MS = 1500;
const TIMEOUT_MS = 60_000;

/** What a browser that has never seen the page makes of it. */
export interface PageLoad {
  /** Largest contentful paint, ms since the navigation began. */
  lcpMs: number;
  /** All layout shifts together. */
  shift: number;
  /** All scripts, what is loaded after the first paint included, as they came over the wire. */
  scriptBytes: number;
}

/** As watch-vitals.js keeps them. */
interface Vitals {
  lcpMs: number;
  shift: number;
  changedAt: number;
}

/** Throws where there is no Chromium. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`there is no Chromium at ${CHROMIUM}: install one, or set CHROMIUM_PATH`);
  return await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** The session's cookie, as a browser keeps it. */
export async function signedIn(browser: Browser, url: string, user: { email: string; password: string }) {
  const context = await browser.newContext({ baseURL: url });
  const answer = await context.request.post("/api/auth/sign-in", { headers: { origin: url }, data: user });
  if (answer.status() !== 200) throw new Error(`the sign-in answered ${answer.status()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** In the page: nothing loads, and nothing has happened for a while. */
function stands(quietMs: number): boolean {
  const { vitals } = window as unknown as { vitals: Vitals };
  // What has just come in place of a skeleton may not be painted yet.
  if (document.querySelector("[aria-busy=true], .animate-pulse")) vitals.changedAt = performance.now();
  return vitals.lcpMs > 0 && performance.now() > vitals.changedAt + quietMs;
}

/** In the page: two frames have been painted. */
function painted(): Promise<number> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

/** Opens the address in a browser context of its own, whose cache is empty, and waits until the page stands. */
export async function loadPage(
  browser: Browser,
  url: string,
  session: Awaited<ReturnType<typeof signedIn>>,
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
    const standing = () => page.waitForFunction(stands, QUIET_MS, { timeout: TIMEOUT_MS, polling: 100 });
    await standing();
    // A browser that is kept waiting for the processor paints late: only what it has painted has been seen.
    await page.evaluate(painted);
    await standing();
    const { lcpMs, shift } = await page.evaluate(() => (window as unknown as { vitals: Vitals }).vitals);
    return { lcpMs, shift, scriptBytes };
  } finally {
    await context.close();
  }
}
