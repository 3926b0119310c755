import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fitsScope, RIGHTS } from "~/server/domain/rights";
import { TOOLS } from "~/server/mcp/tools/table";
import type { RouteMethods } from "~/server/rest/handler";
import { ADMIN_ROUTES } from "~/server/rest/routes/admin-table";
import { health } from "~/server/rest/routes/health";
import { CreateApiKeyInput, createApiKey } from "~/server/services/access";
import { runBulkStep } from "~/server/services/bulk/run-step";
import { handleTrpc } from "~/server/trpc/handler";
import { appRouter } from "~/server/trpc/router";
import { ADMIN } from "./access-deps";
import { callOneTool } from "./assistant";
import { READS_OF_PROCEDURES, READS_OF_REST, READS_OF_TOOLS, type Read, restRead } from "./scope-reads";
import { PLANTED_EXECUTIONS, type PlantedNamespace, plantNamespace } from "./scope-world";
import { startTestStack, type TestStack } from "./stack";

/*
 * Two namespaces are planted in real stores, with a canary in every text. A caller with the scope of one makes every
 * call that reads. No answer may contain an id or a text of the other, and a call that names an object of the other
 * must be answered as if it did not exist.
 */

let stack: TestStack;
let alpha: PlantedNamespace;
let beta: PlantedNamespace;
const secrets = new Map<"scoped" | "unscoped", string>();
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  stack = await startTestStack();
  container.open = async () => ({ deps: stack.deps });
  alpha = await plantNamespace(stack, "alpha.");
  const ctx = { ...stack.ctx, principal: ADMIN };
  const key = async (name: "scoped" | "unscoped", over: object) => {
    const input = CreateApiKeyInput.parse({ name, ...over });
    secrets.set(name, (await createApiKey({ ctx, input })).secret);
  };
  await key("scoped", { rights: RIGHTS.filter(fitsScope), scope: { topicPrefixes: ["alpha."] } });
  await key("unscoped", { rights: RIGHTS });
  // A caller with a scope sees only its own jobs.
  alpha.jobId = await startScopedJob(alpha.scheduleIds[1] as string);
  while (await runBulkStep(stack.deps));
  beta = await plantNamespace(stack, "beta.");
}, 180_000);
afterAll(() => stack?.stop());

type Caller = "scoped" | "unscoped";
const bearer = (caller: Caller) => ({ authorization: `Bearer ${secrets.get(caller)}` });

async function startScopedJob(scheduleId: string): Promise<string> {
  const body = JSON.stringify({ action: "retag", ids: [scheduleId], addTags: ["own"], dryRun: false });
  const headers = { ...bearer("scoped"), "content-type": "application/json", "content-length": `${body.length}` };
  const request = new Request("http://a.example/api/trpc/bulk.start", { method: "POST", body, headers });
  return JSON.parse(await (await handleTrpc(request)).text()).result.data.jobId;
}

interface Answer {
  ok: boolean;
  text: string;
}

const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;
const queries = Object.entries(procedures)
  .filter(([, { _def }]) => _def.type === "query")
  .map(([path]) => path);

async function query(path: string, input: object | undefined, caller: Caller): Promise<Answer> {
  const search = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const request = new Request(`http://a.example/api/trpc/${path}${search}`, { headers: bearer(caller) });
  const response = await handleTrpc(request);
  return { ok: response.ok, text: await response.text() };
}

/** The GET routes, with those under `/api/v1/schedules/monitoring`. */
async function getRoutes(): Promise<[string, RouteMethods][]> {
  const MONITORING = "app/api/v1/schedules/monitoring";
  const files = readdirSync(MONITORING, { recursive: true, encoding: "utf8" }).filter(
    // The health response has its own test.
    (file) => file.endsWith("route.ts") && !file.startsWith("health/"),
  );
  const monitoring = await Promise.all(
    files.map(async (file): Promise<[string, RouteMethods]> => {
      const route = (await import(resolve(MONITORING, file))) as RouteMethods;
      return [`monitoring/${file.slice(0, -"/route.ts".length)}`, route];
    }),
  );
  const served: [string, RouteMethods][] = [];
  for (const [path, route] of [...ADMIN_ROUTES, ...monitoring]) {
    const refused = await route.GET(new Request("http://a.example/x"), { params: Promise.resolve({}) });
    if (refused.status !== 405) served.push([`GET ${path}`, route]);
  }
  return served;
}

async function get(route: RouteMethods, call: string, read: Read, caller: Caller): Promise<Answer> {
  const { params, query: search } = restRead(call, read);
  const request = new Request(`http://a.example/x?${search}`, { headers: bearer(caller) });
  const response = await route.GET(request, { params: Promise.resolve(params) });
  return { ok: response.ok, text: await response.text() };
}

/** The texts and ids of a namespace in an answer. */
const foundOf = (one: PlantedNamespace, text: string) =>
  [one.canary, ...one.scheduleIds, ...one.executionIds, one.jobId].filter((found) => text.includes(found));

const UNKNOWN = "0190f3a0-0000-7000-8000-00000000dead";
const idsOf = (one: PlantedNamespace) => [...one.scheduleIds, ...one.executionIds, one.jobId];

/** The same input about things that do not exist. */
function unknownInput(one: PlantedNamespace, input: object | undefined): object {
  const text = idsOf(one).reduce((json, id) => json.replaceAll(id, UNKNOWN), JSON.stringify(input ?? {}));
  return JSON.parse(text.replaceAll(one.topic, "unknown.topic"));
}

/** An answer without what differs between two requests. */
function comparable(one: PlantedNamespace, { ok, text }: Answer): string {
  const ids = idsOf(one).reduce((json, id) => json.replaceAll(id, UNKNOWN), text);
  const plain = ids.replaceAll(one.topic, "unknown.topic");
  return `${ok} ${plain.replace(/"request_?[iI]d":"[^"]*"/g, "").replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")}`;
}

/** Calls that fail for the unscoped key too: they name nothing that exists, or need a signed-in user. */
const FAILING = ["quarantine.get", "GET quarantine/{id}", "access.secondFactor", "access.passkeys"];

/** Calls whose answers have no text and no id of a namespace, whoever calls. */
const WITHOUT_NAMESPACES = [
  ...[
    "access.me",
    "access.passkeys",
    "protection.keys",
    "GET system/payload-keys",
    "GET settings",
    "GET users",
    "GET monitoring/diagnosis",
    "access.sessions",
    "access.secondFactor",
    "access.users",
    "access.apiKeys",
    "access.roles",
    "access.namespaces",
  ],
  ...["access.serviceAccounts", "analytics.totals", "analytics.performance", "analytics.week", "audit.verify"],
  ...["executions.histogram", "monitoring.stats", "monitoring.leases", "monitoring.diagnosis"],
  "monitoring.timeZones",
  ...["pauseAll.get", "quarantine.get", "schedules.count", "schedules.preview", "schedules.occurrences"],
  ...["schedules.missed", "schedules.versions", "settings.list", "upcoming.suggestSlot", "upcoming.suggestTime"],
  ...["bulk.undoPreview"],
  ...[
    "GET schedules/{id}/occurrences",
    "GET schedules/{id}/missed",
    "GET schedules/{id}/versions",
    "GET api-keys",
    "GET audit/verify",
  ],
  ...["GET quarantine/{id}", "GET system/pause-all", "GET monitoring/stats", "GET monitoring/reach"],
  ...["GET monitoring/analytics/performance", "GET monitoring/time-zones"],
];

/** Makes a call with every input, and returns what is wrong with the answers of a caller with a scope. */
async function leaksOf(name: string, reads: readonly Read[], make: (read: Read, caller: Caller) => Promise<Answer>) {
  const faults: string[] = [];
  let reached = false;
  for (const read of reads) {
    const isOfOther = read.of === beta;
    const all = await make(read, "unscoped");
    if (!all.ok && !FAILING.includes(name)) faults.push(`${name} ${JSON.stringify(read.input)} fails: ${all.text}`);
    reached ||= foundOf(beta, all.text).length > 0;
    const own = await make(read, "scoped");
    if (read.of === alpha && all.ok && !own.ok) {
      faults.push(`${name} ${JSON.stringify(read.input)} fails for its own caller: ${own.text}`);
    }
    if (!isOfOther) {
      for (const found of foundOf(beta, own.text)) faults.push(`${name} ${JSON.stringify(read.input)} has ${found}`);
      continue;
    }
    const unknown = await make({ input: unknownInput(beta, read.input) }, "scoped");
    if (comparable(beta, own) !== comparable(beta, unknown)) {
      faults.push(`${name} answers ${own.text} for the other, and ${unknown.text} for an unknown one`);
    }
  }
  if (reached === WITHOUT_NAMESPACES.includes(name))
    faults.push(`${name}: the answers ${reached ? "have" : "lack"} the other`);
  return faults;
}

describe("a caller with a scope learns nothing of another namespace", () => {
  it("from any query of tRPC, and each query is in the table", async () => {
    expect(Object.keys(READS_OF_PROCEDURES).sort()).toEqual([...queries].sort());
    const faults: string[] = [];
    for (const [path, inputs] of Object.entries(READS_OF_PROCEDURES)) {
      const reads = inputs([alpha, beta]);
      faults.push(...(await leaksOf(path, reads, ({ input }, caller) => query(path, input, caller))));
    }
    expect(faults).toEqual([]);
  }, 180_000);

  it("from any tool for assistants, and each one that reads is in the table", async () => {
    const tools = TOOLS.filter(({ changes }) => changes === undefined).map(({ name }) => name);
    expect(Object.keys(READS_OF_TOOLS).sort()).toEqual(tools.sort());
    const faults: string[] = [];
    for (const [tool, inputs] of Object.entries(READS_OF_TOOLS)) {
      const ask = async ({ input }: Read, caller: Caller): Promise<Answer> => {
        const result = await callOneTool({ key: secrets.get(caller) as string, tool, input });
        return { ok: !result.isError, text: result.content[0]?.text ?? "" };
      };
      faults.push(...(await leaksOf(tool, inputs([alpha, beta]), ask)));
    }
    expect(faults).toEqual([]);
  }, 180_000);

  it("from any GET call of REST, and each one is in the table", async () => {
    const routes = await getRoutes();
    expect(Object.keys(READS_OF_REST).sort()).toEqual(routes.map(([call]) => call).sort());
    const faults: string[] = [];
    for (const [call, route] of routes) {
      const reads = READS_OF_REST[call]?.([alpha, beta]) ?? [];
      faults.push(...(await leaksOf(call, reads, (read, caller) => get(route, call, read, caller))));
    }
    expect(faults).toEqual([]);
  }, 180_000);
});

describe("counts of a caller with a scope", () => {
  const data = async (path: string, input: object | undefined, caller: Caller) =>
    JSON.parse((await query(path, input, caller)).text).result.data;

  it("have only the schedules and executions of the scope", async () => {
    const range = { hours: 24 };
    const from = new Date(Date.now() - 86_400_000).toISOString();
    for (const [caller, factor] of [
      ["scoped", 1],
      ["unscoped", 2],
    ] as const) {
      expect((await data("analytics.totals", range, caller)).totals.total).toBe(PLANTED_EXECUTIONS * factor);
      expect((await data("executions.list", { from }, caller)).total).toBe(PLANTED_EXECUTIONS * factor);
      const buckets: { count: number }[] = await data("executions.histogram", { from, bucketSeconds: 60 }, caller);
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(PLANTED_EXECUTIONS * factor);
      const week: { counts: number[][] } = await data("analytics.week", range, caller);
      expect(week.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(PLANTED_EXECUTIONS * factor);
      // Four of the five planted schedules are not deleted.
      expect((await data("schedules.count", {}, caller)).total).toBe(4 * factor);
      const { topics }: { topics: { count: number }[] } = await data("schedules.facets", undefined, caller);
      expect(topics).toHaveLength(factor);
      const { counts } = await data("executions.inFlight", {}, caller);
      expect(counts.waiting + counts.running + counts.held).toBe(factor);
    }
  });

  it("are not shown where they are about the whole installation", async () => {
    for (const path of ["monitoring.stats", "monitoring.engine", "monitoring.leases", "quarantine.list"]) {
      const { error } = JSON.parse((await query(path, path.startsWith("q") ? {} : undefined, "scoped")).text);
      expect(error.data.appError, path).toMatchObject({ code: "forbidden", details: { required: "no scope" } });
    }
  });

  it("are not shown by health, which has the same status for every caller", async () => {
    const shown = async (headers: Record<string, string>) => {
      const response = await health.GET(new Request("http://a.example/x", { headers }), {
        params: Promise.resolve({}),
      });
      return { code: response.status, status: ((await response.json()) as { status: string }).status };
    };
    const anonymous = await shown({});
    // No worker runs.
    expect(anonymous).toEqual({ code: 503, status: "degraded" });
    expect(await shown(bearer("scoped"))).toEqual(anonymous);
    expect(await shown(bearer("unscoped"))).toEqual(anonymous);
    const { services, ...short } = await data("monitoring.health", undefined, "scoped");
    expect(short).toMatchObject({ status: "degraded", reasons: [], capabilities: [] });
    expect(services).toEqual(
      ["redis", "clickhouse", "bus"].map((name) => ({ name, ok: true, detail: "", latencyMs: null })),
    );
  });
});
