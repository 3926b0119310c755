import { fileURLToPath } from "node:url";
import type { Browser, Page } from "@playwright/test";
import { type Call, callsInHtml, callsInUrl } from "./calls";
import type { signIn } from "./page-load";

const WATCHER = fileURLToPath(new URL("./watch-usable.js", import.meta.url));
const VIEWPORT = { width: 1280, height: 800 };
/** A page is usable when nothing has been loading for this long. */
const QUIET_MS = 700;
const TIMEOUT_MS = 60_000;
/** Time limit for the content, which should already be visible. */
const CONTENT_MS = 2000;

/** One first load of a page, with an empty cache. */
export interface Visit {
  /** Time from the navigation until nothing is loading. */
  usableMs: number;
  /** Time of the HTML document, to its last byte. */
  documentMs: number;
  /** Compressed bytes, without headers, of the scripts that were requested before the page was usable. */
  scriptBytes: number;
  /** Compressed bytes, without headers, of the scripts that were requested later. */
  laterScriptBytes: number;
  /** The error that the page shows, or a text about missing content; null if there is neither. */
  error: string | null;
  /** The procedures that the page called, on the server or from the browser. */
  calls: Call[];
}

/** A page to open. */
export interface Stop {
  path: string;
  /** Selector of the page's content; one match must be visible. */
  content: string;
}

/** Runs in the page. Whether nothing has been loading for `quietMs`. */
function isUsable(quietMs: number): boolean {
  const { sinceMs } = (window as unknown as { usable: { sinceMs: number } }).usable;
  return sinceMs > 0 && performance.now() > sinceMs + quietMs;
}

/** Opens the page with an empty cache and waits for its content. Throws if the page keeps loading. */
export async function visit(
  browser: Browser,
  url: string,
  { path, content, session }: Stop & { session: Awaited<ReturnType<typeof signIn>> },
): Promise<Visit> {
  const context = await browser.newContext({ viewport: VIEWPORT, storageState: session });
  try {
    const page = await context.newPage();
    const network = await watchNetwork(page);
    await page.addInitScript({ path: WATCHER });
    const answer = await page.goto(url + path, { timeout: TIMEOUT_MS, waitUntil: "commit" });
    const html = answer?.text() ?? Promise.resolve("");
    await page.waitForFunction(isUsable, QUIET_MS, { timeout: TIMEOUT_MS, polling: 100 }).catch((error: Error) => {
      throw new Error(`${path} is still loading: ${error.message}`);
    });
    const alerts = await page.locator("main [role=alert]").allInnerTexts();
    const alert = alerts.find((text) => text.includes("Try again"))?.replace(/\s+/g, " ");
    const shown = page.locator(content).filter({ visible: true }).first();
    const error =
      alert ??
      (await shown.waitFor({ timeout: CONTENT_MS }).then(
        () => null,
        () => `no ${content}`,
      ));
    const usableMs = await page.evaluate(() => (window as unknown as { usable: { sinceMs: number } }).usable.sinceMs);
    return {
      usableMs,
      error,
      documentMs: network.documentMs(),
      ...network.scriptBytes(usableMs),
      calls: [...callsInHtml(await html), ...network.urls().flatMap(callsInUrl)],
    };
  } finally {
    await context.close();
  }
}

async function watchNetwork(page: Page) {
  const network = await page.context().newCDPSession(page);
  const sentAt = new Map<string, number>();
  const scripts = new Map<string, number>();
  const headBytes = new Map<string, number>();
  const urls: string[] = [];
  let document: { id: string; sentAt: number; endedAt: number } | undefined;
  network.on("Network.requestWillBeSent", ({ requestId, request, type, timestamp }) => {
    if (request.method === "GET") urls.push(request.url);
    sentAt.set(requestId, timestamp);
    if (type === "Document") document ??= { id: requestId, sentAt: timestamp, endedAt: timestamp };
  });
  network.on("Network.responseReceived", ({ requestId, response, type }) => {
    if (type !== "Script") return;
    scripts.set(requestId, 0);
    headBytes.set(requestId, response.encodedDataLength);
  });
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength, timestamp }) => {
    if (scripts.has(requestId)) scripts.set(requestId, encodedDataLength - (headBytes.get(requestId) ?? 0));
    if (document?.id === requestId) document.endedAt = timestamp;
  });
  await network.send("Network.enable");
  return {
    urls: () => urls,
    scriptBytes(usableMs: number) {
      const usableAt = (document?.sentAt ?? 0) + usableMs / 1000;
      const bytes = { scriptBytes: 0, laterScriptBytes: 0 };
      for (const [id, length] of scripts) {
        bytes[(sentAt.get(id) ?? 0) <= usableAt ? "scriptBytes" : "laterScriptBytes"] += length;
      }
      return bytes;
    },
    documentMs: () => (document === undefined ? Number.NaN : (document.endedAt - document.sentAt) * 1000),
  };
}
