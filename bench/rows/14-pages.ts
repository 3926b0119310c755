import type { Browser } from "@playwright/test";
import { seed } from "~/scripts/seed/run";
import { createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { migrate } from "~/server/adapters/clickhouse/migrate";
import type { Bench } from "../parts/bench";
import { createOneTime } from "../parts/load";
import { formatNumber, median } from "../parts/numbers";
import { loadPage, openBrowser, type PageLoad, signIn } from "../parts/page-load";
import type { Measured, Row } from "../parts/row";
import { ADMIN, startWeb } from "../parts/web";

const TARGET = { lcpMs: 1500, scriptKb: 300, shift: 0.005 };
const PAGES = ["/schedules", "/"] as const;
const DATABASE = "bench_pages";
/** Number of schedules in Redis, for the next runs on the overview. */
const UPCOMING_COUNT = 200;
const HALF_AN_HOUR_MS = 1_800_000;

const kb = (bytes: number) => bytes / 1000;

/** Calls `run` while a separate database has `rows` schedules and as many executions. */
async function withData<T>(bench: Bench, rows: number, run: () => Promise<T>): Promise<T> {
  const client = createClickHouse({ url: bench.clickhouse.url, database: DATABASE, requestTimeoutMs: 600_000 });
  try {
    await migrate(client, { database: DATABASE, cluster: null, withLock: (apply) => apply() });
    await seed(client, { schedules: rows, executions: rows, days: 14, nowMs: Date.now() }, () => undefined);
    return await run();
  } finally {
    await client.command({ sql: `DROP DATABASE IF EXISTS ${DATABASE} SYNC` });
    await client.close();
  }
}

/**
 * Creates schedules for the overview. The worker uses another database than the web app, so it fires no generated
 * schedule.
 */
async function fillHotTier(bench: Bench): Promise<void> {
  await bench.emptyRedis();
  await bench.startWorker();
  const from = Date.now() + HALF_AN_HOUR_MS;
  await createOneTime(bench, UPCOMING_COUNT, (i) => from + i * 1000);
}

interface PageResult {
  path: string;
  runs: readonly PageLoad[];
}

async function loadAll(bench: Bench, browser: Browser): Promise<PageResult[]> {
  const web = await startWeb(bench, { CLICKHOUSE_DATABASE: DATABASE });
  try {
    const session = await signIn(browser, web.url, ADMIN);
    const results = PAGES.map((path) => ({ path, runs: [] as PageLoad[] }));
    for (const path of PAGES) await loadPage(browser, web.url + path, session);
    for (let run = 0; run < bench.runs; run += 1) {
      for (const { path, runs } of results) runs.push(await loadPage(browser, web.url + path, session));
    }
    return results;
  } finally {
    await web.stop();
  }
}

function verdict(results: readonly PageResult[]): Measured {
  const pages = results.map(({ path, runs }) => ({
    path,
    runs: runs.map((run) => run.lcpMs),
    lcpMs: median(runs.map((run) => run.lcpMs)),
    scriptKb: kb(median(runs.map((run) => run.scriptBytes))),
    shift: median(runs.map((run) => run.shift)),
  }));
  const worst = pages.reduce((one, other) => (other.lcpMs > one.lcpMs ? other : one));
  const isMet = (page: (typeof pages)[number]) =>
    page.lcpMs <= TARGET.lcpMs && page.scriptKb <= TARGET.scriptKb && page.shift < TARGET.shift;
  return {
    ours: worst.lcpMs,
    peer: null,
    ratio: null,
    met: pages.every(isMet),
    runs: { ours: [...worst.runs], peer: [] },
    notes: [
      ...pages.map(
        ({ path, lcpMs, scriptKb, shift }) =>
          `${path}: LCP ${formatNumber(lcpMs)} ms, ${formatNumber(scriptKb)} kB JavaScript over the wire, layout shift ${shift.toFixed(3)}`,
      ),
      "each page was opened once before, so that the server has its modules; the browser's cache is empty each time",
    ],
  };
}

export const pages: Row = {
  id: 14,
  name: "Pages: first load of /schedules and / at a million schedules, in Chromium, the slower LCP",
  unit: "ms",
  peer: null,
  target: `LCP ≤ ${TARGET.lcpMs / 1000} s, JavaScript ≤ ${TARGET.scriptKb} kB gzip, layout shift < ${TARGET.shift}`,
  async measure(bench) {
    const { schedules } = bench.sizes.million;
    const browser = await openBrowser();
    try {
      await fillHotTier(bench);
      const measured = verdict(await withData(bench, schedules, () => loadAll(bench, browser)));
      return { ...measured, met: measured.met && !bench.quick };
    } finally {
      await browser.close();
    }
  },
};
