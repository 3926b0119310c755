import type { Browser } from "@playwright/test";
import type { Bench } from "../parts/bench";
import { type Call, distinctCalls, timeCalls } from "../parts/calls";
import { dataSet } from "../parts/data-set";
import { formatNumber, median, percentile } from "../parts/numbers";
import { openBrowser, signIn } from "../parts/page-load";
import { type Stop, type Visit, visit } from "../parts/page-tour";
import type { Measured, Row } from "../parts/row";
import { addUsage, type PageIds } from "../parts/usage";
import { ADMIN, startWeb } from "../parts/web";

const TARGET = { usableMs: 1500, requestMs: 500, listKb: 250, wideKb: 350 };
/** Pages whose limit of JavaScript is `wideKb`: those with the schedule form or with charts, except `/executions`. */
const WIDE = /^\/analytics|^\/schedules\/new|\/(edit|duplicate)$|tab=analytics|^\/$|^\/upcoming/;

const ROW = "main tbody tr[data-row]";
const CHART = "main figure";

/**
 * The pages with their tabs and views. Left out: the pages of the sign-in, the documentation, a bulk job, the refused
 * messages, and the topics of the system page.
 */
function stops({ scheduleId, succeededId, deadId }: PageIds): Stop[] {
  const at = (content: string, ...paths: string[]) => paths.map((path) => ({ path, content }));
  const schedule = `/schedules/${scheduleId}`;
  return [
    ...at(
      "main h1",
      "/",
      "/wall",
      "/system",
      "/settings",
      "/settings/topics",
      "/settings/users",
      "/settings/roles",
      "/settings/api-keys",
      "/account",
    ),
    ...at(ROW, "/schedules", "/schedules?tab=recurring", "/schedules?tab=one-time", "/schedules?tab=paused"),
    ...at(ROW, "/schedules?tab=failing", "/schedules?sort=next_execution", "/schedules?q=send-invoice-12"),
    ...at("main h1", "/schedules?tab=overdue", "/schedules/new"),
    ...at("main h1", schedule, `${schedule}?tab=payload`, `${schedule}?tab=versions`, `${schedule}?tab=activity`),
    ...at(ROW, `${schedule}?tab=executions`),
    ...at("main h1", `${schedule}?tab=upcoming`, `${schedule}/edit`, `${schedule}/duplicate`),
    ...at(CHART, `${schedule}?tab=analytics`),
    ...at(
      ROW,
      "/executions",
      "/executions?range=7d",
      "/executions?sort=lateness",
      "/executions?sort=lateness&range=7d",
    ),
    ...at(
      ROW,
      "/executions?status=dead&topic=crm.events",
      "/executions?q=send-invoice-12",
      "/executions?view=failures",
    ),
    ...at("main h1", "/executions?view=in-flight"),
    ...at("[role=dialog] h2", `/executions?open=${deadId}`),
    ...at("main h1", `/executions/${deadId}`, `/executions/${succeededId}`),
    ...at(CHART, "/upcoming", "/upcoming?range=7d", "/analytics", "/analytics?range=7d", "/analytics?range=30d"),
    ...at(ROW, "/upcoming?tab=firings", "/dead-letters", "/audit"),
    ...at("main h1", "/upcoming?tab=outage", "/bulk"),
  ];
}

interface Toured extends Stop {
  visits: Visit[];
}

async function tour(bench: Bench, browser: Browser, { url, ids }: { url: string; ids: PageIds }): Promise<Toured[]> {
  const session = await signIn(browser, url, ADMIN);
  const toured = stops(ids).map((stop) => ({ ...stop, visits: [] as Visit[] }));
  for (let run = 0; run <= Math.min(3, bench.runs); run += 1) {
    for (const { visits, ...stop } of toured) {
      const found = await visit(browser, url, { ...stop, session });
      bench.say(
        `    ${stop.path}: usable ${formatNumber(found.usableMs)} ms${found.error === null ? "" : `, error: ${found.error}`}`,
      );
      // Not in the first round, in which the server also loads its modules.
      if (run > 0) visits.push(found);
    }
  }
  return toured;
}

const kb = (bytes: number) => bytes / 1000;
const medianOfVisits = ({ visits }: Toured, figure: (visit: Visit) => number) => median(visits.map(figure));

function pageLine(page: Toured): { line: string; met: boolean; usableMs: number } {
  const usableMs = medianOfVisits(page, (one) => one.usableMs);
  const scriptKb = kb(medianOfVisits(page, (one) => one.scriptBytes));
  const laterKb = kb(medianOfVisits(page, (one) => one.laterScriptBytes));
  const limitKb = WIDE.test(page.path) ? TARGET.wideKb : TARGET.listKb;
  const error = page.visits.find((one) => one.error !== null)?.error ?? null;
  const met = usableMs <= TARGET.usableMs && scriptKb <= limitKb && error === null;
  const figures = `usable ${formatNumber(usableMs)} ms, HTML ${formatNumber(medianOfVisits(page, (one) => one.documentMs))} ms`;
  return {
    line: `${page.path}: ${figures}, JavaScript ${formatNumber(scriptKb)} of ${limitKb} kB and ${formatNumber(laterKb)} kB later${error === null ? "" : `, error: ${error}`}${
      met ? "" : " (not met)"
    }`,
    met,
    usableMs,
  };
}

/**
 * One line for each procedure with its slowest input, the slowest procedure first. `first` is the longest first call
 * over all inputs.
 */
function requestLines(timed: readonly { call: Call; first: number; times: number[] }[]) {
  const worst = new Map<string, { p95: number; median: number; first: number; input: unknown }>();
  for (const { call, first, times } of timed) {
    const p95 = percentile(times, 0.95);
    const known = worst.get(call.procedure);
    const one = { p95, median: median(times), first: Math.max(first, known?.first ?? 0), input: call.input };
    if (known === undefined || known.p95 < p95) worst.set(call.procedure, one);
    else known.first = one.first;
  }
  return [...worst]
    .sort(([, one], [, other]) => other.p95 - one.p95)
    .map(([procedure, { p95, median: p50, first, input }]) => ({
      line: `${procedure}: p95 ${formatNumber(p95)} ms, median ${formatNumber(p50)} ms, first ${formatNumber(first)} ms${
        p95 <= TARGET.requestMs ? "" : ` (not met) ${JSON.stringify(input)}`
      }`,
      p95,
    }));
}

export const everyPage: Row = {
  id: 17,
  name: "Every page with its tabs at 1,000,000 schedules and 10,000,000 executions, in Chromium: the slowest page",
  unit: "ms",
  peer: null,
  target: `usable ≤ ${TARGET.usableMs / 1000} s; request p95 ≤ ${TARGET.requestMs} ms; JavaScript ≤ ${TARGET.listKb} kB gzip for lists, ${TARGET.wideKb} for charts and form`,
  async measure(bench): Promise<Measured> {
    const data = await dataSet(bench, bench.sizes.history);
    const browser = await openBrowser();
    try {
      const ids = await addUsage(bench, data);
      const env = { CLICKHOUSE_DATABASE: data.database };
      const web = await startWeb(bench, env);
      const toured = await tour(bench, browser, { url: web.url, ids }).finally(web.stop);
      const calls = distinctCalls(toured.flatMap(({ visits }) => visits.at(-1)?.calls ?? []));
      const timed = await requestTimes(bench, { env, calls, browser });
      return verdict({ toured, timed, quick: bench.quick });
    } finally {
      await browser.close();
      await bench.emptyRedis();
    }
  },
};

/** Times the calls on a new web process, so that the first call of each procedure finds no cached answer. */
async function requestTimes(
  bench: Bench,
  { env, calls, browser }: { env: Record<string, string>; calls: readonly Call[]; browser: Browser },
) {
  const web = await startWeb(bench, env);
  try {
    const { cookies } = await signIn(browser, web.url, ADMIN);
    const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
    const timed = await timeCalls(web.url, { calls, rounds: bench.quick ? 3 : 21, headers });
    return timed.map(({ call, times: [first = Number.NaN, ...times] }) => ({ call, first, times }));
  } finally {
    await web.stop();
  }
}

function verdict(input: {
  toured: readonly Toured[];
  timed: Awaited<ReturnType<typeof requestTimes>>;
  quick: boolean;
}): Measured {
  const pages = input.toured.map(pageLine);
  const requests = requestLines(input.timed);
  const slowest = pages.reduce((one, other) => (other.usableMs > one.usableMs ? other : one));
  const index = pages.indexOf(slowest);
  const met = pages.every((page) => page.met) && requests.every(({ p95 }) => p95 <= TARGET.requestMs);
  return {
    ours: slowest.usableMs,
    peer: null,
    ratio: null,
    met: met && !input.quick,
    runs: { ours: input.toured[index]?.visits.map((one) => one.usableMs) ?? [], peer: [] },
    notes: [...pages.map(({ line }) => line), ...requests.map(({ line }) => line)],
  };
}
