import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { RIGHTS } from "~/server/domain/rights";
import { TOOLS } from "~/server/mcp/tools/table";
import type { Delivered } from "~/server/ports/bus";
import type { RouteMethods } from "~/server/rest/handler";
import { ADMIN_ROUTES } from "~/server/rest/routes/admin-table";
import { createApiKey } from "~/server/services/access";
import { createAuditStream } from "~/server/services/audit-stream/stream";
import { createBreakers } from "~/server/services/firing/breakers";
import { consumeDelayed } from "~/server/services/firing/consume";
import { runClaims } from "~/server/services/firing/run-claims";
import { saveProtection } from "~/server/services/protection";
import { quarantineItem } from "~/server/services/quarantine/quarantine-item";
import { handleTrpc } from "~/server/trpc/handler";
import { appRouter } from "~/server/trpc/router";
import { ADMIN } from "./access-deps";
import { callOneTool } from "./assistant";
import { keepRecording, recordAll } from "./recording";
import { startTestStack, type TestStack } from "./stack";

/*
 * Canary values at masked paths are sent through REST and the delayed topic. No answer of a read by REST, tRPC or a
 * tool for assistants may contain them, unless a holder of `payloads:read` reveals them. Each reveal is recorded.
 */

const TOPIC = "payments.eu";
const canary = (name: string) => `canary-${name}-7f3a91`;
const CANARY = /canary-([a-z-]+)-7f3a91/g;
const MASK = "••••";

let stack: TestStack;
let recording: ReturnType<typeof keepRecording>;
const logged: string[] = [];
const secrets = new Map<string, string>();
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

const ids = { schedules: [] as string[], executions: [] as string[], quarantined: [] as string[] };

beforeAll(async () => {
  stack = await startTestStack();
  container.open = async () => ({ deps: stack.deps });
  const write = process.stdout.write.bind(process.stdout);
  vi.spyOn(process.stdout, "write").mockImplementation((chunk, ...rest) => {
    logged.push(String(chunk));
    return write(chunk, ...(rest as []));
  });
  recording = keepRecording(stack.deps);
  const admin = { ...stack.ctx, principal: ADMIN };
  const others = RIGHTS.filter((right) => right !== "payloads:read");
  for (const [name, rights] of [
    ["holder", [...RIGHTS]],
    ["other", others],
  ] as const) {
    secrets.set(name, (await createApiKey({ ctx: admin, input: { name, rights: [...rights] } })).secret);
  }
  await saveProtection({
    ctx: admin,
    input: {
      topic: "payments.*",
      paths: ["$.card.*", "$headers.x-auth"],
      patterns: ["IBAN[a-z0-9-]+"],
      encrypt: false,
    },
  });
  await plant();
}, 120_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await recording?.stop();
  await stack?.stop();
});

type Caller = "holder" | "other";

/** Makes a REST call; returns the status and the text of the answer. */
async function rest(caller: Caller, call: { method?: string; path: string; query?: string; body?: object }) {
  const { method = "GET", path, query = "", body } = call;
  const found = routes
    .map(([pattern, route]) => ({ params: paramsOf(pattern, path), route }))
    .find((one) => one.params);
  if (!found?.params) throw new Error(`There is no route ${path}.`);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const request = new Request(`http://a.example/admin/${path}${query}`, {
    method,
    body: text,
    headers: {
      authorization: `Bearer ${secrets.get(caller)}`,
      ...(text === undefined
        ? {}
        : { "content-type": "application/json", "content-length": `${Buffer.byteLength(text)}` }),
    },
  });
  const handle = found.route[method as "GET"];
  const response = await handle(request, { params: Promise.resolve(found.params) });
  return { status: response.status, text: await response.text() };
}

async function ok(caller: Caller, call: Parameters<typeof rest>[1]) {
  const { status, text } = await rest(caller, call);
  expect(status, text).toBeLessThan(300);
  return text === "" ? {} : JSON.parse(text);
}

const MONITORING = "app/api/v1/schedules/monitoring";
const routes: [path: string, route: RouteMethods][] = [
  ...ADMIN_ROUTES.map(([path, route]) => [path, route] as [string, RouteMethods]),
  ...(await Promise.all(
    readdirSync(MONITORING, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith("route.ts"))
      .map(async (file): Promise<[string, RouteMethods]> => {
        return [`monitoring/${file.slice(0, -"/route.ts".length)}`, await import(resolve(MONITORING, file))];
      }),
  )),
];

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith("{")) params[part.slice(1, -1)] = given[index] as string;
    else if (part !== given[index]) return null;
  }
  return params;
}

const event = (name: string, over: object = {}) => ({
  topic: TOPIC,
  event_type: "card",
  event_action: "charge",
  cron_expression: "0 0 1 1 *",
  payload: { card: { number: canary(name) }, account: `IBAN-${canary(`${name}-pattern`)}`, plain: 1 },
  headers: { "x-auth": canary(`${name}-header`) },
  ...over,
});

/** Sends canaries through REST and the delayed topic, quarantines some, and creates executions with them. */
async function plant(): Promise<void> {
  const { deps } = stack;
  const created = await ok("other", { method: "POST", path: "schedules", body: event("create") });
  const id: string = created.schedule_id;
  ids.schedules.push(id);
  // An edit of other fields, one with masks, and one with a new value.
  await ok("other", { method: "PATCH", path: `schedules/${id}`, body: { description: "kept" } });
  const shown = await ok("other", { path: `schedules/${id}` });
  const masked = { payload: { ...shown.payload, plain: 2 }, headers: shown.headers };
  await ok("other", { method: "PATCH", path: `schedules/${id}`, body: masked });
  await ok("other", {
    method: "PATCH",
    path: `schedules/${id}`,
    body: event("edit", { cron_expression: "0 0 2 1 *" }),
  });
  const copy = { ...event("x"), payload: shown.payload, headers: shown.headers, masked_values_from: id };
  ids.schedules.push((await ok("other", { method: "POST", path: "schedules", body: copy })).schedule_id);
  const batch = await ok("other", { method: "POST", path: "schedules/batch", body: { items: [event("batch")] } });
  ids.schedules.push(batch.items[0].schedule_id);
  const { execution_id: executionId } = await ok("other", {
    method: "POST",
    path: `schedules/${id}/execute`,
    body: {},
  });
  await fire();
  const replay = { payload: { card: { number: canary("replay") } }, headers: { "x-auth": MASK } };
  const replayed = await ok("other", { method: "POST", path: `executions/${executionId}/replay`, body: replay });
  await fire();
  // In flight: the run of this call is not claimed.
  const waiting = await ok("other", { method: "POST", path: `schedules/${id}/execute`, body: {} });
  ids.executions.push(executionId, replayed.execution_id, waiting.execution_id);
  await consumeDelayed(deps, [
    delayed(1, JSON.stringify({ payload: { card: { number: canary("delayed") } } })),
    delayed(2, JSON.stringify({ payload: { card: { number: canary("refused") } }, action: 7 })),
    delayed(3, `{"payload": {"card": {"number": "${canary("broken")}`),
    delayed(4, `{"n": ${canary("unquoted")}}`),
  ]);
  for (const [name, bytes] of [
    ["quarantined", `{"card":{"number":"${canary("quarantined")}"}}`],
    ["damaged", `{"card":{"number":"${canary("damaged")}`],
  ] as const) {
    const error = caught(() => JSON.parse(`{"a": ${canary("reason")}}`));
    await quarantineItem(deps, { step: "claim", kind: "record", shard: 0, key: name, error, bytes });
  }
  // A refused body, whose error quotes it, and refused calls, whose errors are on record.
  await rest("other", {
    method: "POST",
    path: "schedules",
    body: { ...event("x"), payload: undefined, body: `{"a": ${canary("body")}}` },
  });
  await rest("other", {
    method: "POST",
    path: `executions/${executionId}/replay`,
    body: { body: `[${canary("replay-body")}]` },
  });
  await recordAll(deps, 0);
  const items = await ok("other", { path: "quarantine" });
  ids.quarantined.push(...items.items.map((item: { id: string }) => item.id));
  const { items: all } = await ok("other", { path: "schedules" });
  ids.schedules.splice(0, ids.schedules.length, ...all.map((one: { schedule_id: string }) => one.schedule_id));
  expect([ids.schedules.length, ids.executions.length, ids.quarantined.length]).toEqual([4, 3, 2]);
}

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

function delayed(offset: number, value: string): Delivered {
  return {
    topic: "delayed",
    partition: "0",
    offset: String(offset),
    inOrder: true,
    timestampMs: Date.now(),
    key: null,
    value: Buffer.from(value),
    headers: {
      original_topic: TOPIC,
      delivery_time: String(Date.now() + 86_400_000),
      "x-auth": canary("delayed-header"),
    },
  };
}

async function fire(): Promise<void> {
  const { deps } = stack;
  const limits = { limit: 1000, catchUpLimit: 1000, graceMs: 60_000 };
  const { claims } = await deps.hot.claim({ workerId: "w", shard: 0, leaseMs: 30_000, ...limits });
  const due = claims.filter((one) => one.kind === "occurrence");
  expect(due).toHaveLength(1);
  await runClaims({ deps, breakers: createBreakers(deps), workerId: "w", claims: due as never, nowMs: Date.now() });
  await recordAll(deps, 0);
}

/** The canaries in a text, also in base64. */
function canariesIn(text: string): string[] {
  const decoded = (text.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? []).map((one) => Buffer.from(one, "base64").toString());
  return [
    ...new Set([text, ...decoded].flatMap((one) => [...one.matchAll(CANARY)].map((match) => match[1] as string))),
  ];
}

const RANGE = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z";
/** Queries to try on each route: some routes need a range, exports a format. */
const QUERIES = ["", `?${RANGE}`, `?${RANGE}&format=ndjson`, "?format=csv", "?at=2027-01-01T00:00:00Z", "?q=canary"];

function pathsOf(pattern: string): string[] {
  const group = pattern.split("/")[0] ?? "";
  const known: Record<string, string[]> = {
    schedules: ids.schedules,
    executions: ids.executions,
    quarantine: ids.quarantined,
  };
  const values = pattern.includes("{topic}") ? [TOPIC, "payments.*"] : (known[group] ?? ["unknown"]);
  return pattern.includes("{") ? values.map((value) => pattern.replace(/\{\w+\}/, value)) : [pattern];
}

/** The answers of all REST reads, by call. */
async function restReads(caller: Caller, extra = ""): Promise<Answers> {
  const calls = routes.flatMap(([pattern]) =>
    pathsOf(pattern).flatMap((path) =>
      QUERIES.map((query) => ({ path, query: extra === "" ? query : `${query === "" ? "?" : `${query}&`}${extra}` })),
    ),
  );
  return answersOf(calls, async ({ path, query }) => [`${path}${query}`, await rest(caller, { path, query })]);
}

type Answers = Map<string, { status: number; text: string }>;

/** Makes the calls, up to `AT_ONCE` at the same time. */
async function answersOf<T>(
  calls: readonly T[],
  make: (call: T) => Promise<readonly [string, { status: number; text: string }]>,
): Promise<Answers> {
  const answers: Answers = new Map();
  for (let from = 0; from < calls.length; from += AT_ONCE) {
    for (const [call, answer] of await Promise.all(calls.slice(from, from + AT_ONCE).map(make)))
      answers.set(call, answer);
  }
  return answers;
}
const AT_ONCE = 20;

interface Procedure {
  _def: { type: string; inputs: { safeParse(input: unknown): { success: boolean } }[] };
}
const queries = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)
  .filter(([, { _def }]) => _def.type === "query")
  .map(([path, { _def }]) => ({
    path,
    accepts: (input: object) => _def.inputs.every((one) => one.safeParse(input).success),
  }));

/** Inputs to try on each tRPC query. */
function inputs(): object[] {
  const range = { from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" };
  return [
    ...[{}, range, { limit: 100 }, { q: "canary" }],
    ...ids.schedules.flatMap((scheduleId) => [
      { scheduleId },
      ...[1, 2, 3, 4].map((version) => ({ scheduleId, version })),
      { scheduleId, at: "2027-01-01T00:00:00Z" },
      { scheduleId, ...range },
      { scheduleIds: [scheduleId] },
    ]),
    ...ids.executions.flatMap((executionId) => [{ executionId }, { executionIds: [executionId] }]),
    ...ids.quarantined.map((id) => ({ id })),
  ];
}

async function trpcReads(caller: Caller, extra: object = {}): Promise<Answers> {
  const headers = { authorization: `Bearer ${secrets.get(caller)}` };
  const calls = queries.flatMap(({ path, accepts }) =>
    inputs()
      .filter((input) => accepts({ ...input, ...extra }))
      .map((input) => ({ path, input })),
  );
  return answersOf(calls, async ({ path, input }) => {
    const query = encodeURIComponent(JSON.stringify({ ...input, ...extra }));
    const response = await handleTrpc(new Request(`http://a.example/api/trpc/${path}?input=${query}`, { headers }));
    return [`${path} ${JSON.stringify(input)}`, { status: response.status, text: await response.text() }];
  });
}

/** The calls whose answers contain canaries, with the canaries of each. */
const leaks = (answers: Answers) =>
  [...answers].flatMap(([call, { text }]) => canariesIn(text).map((name) => `${call}: ${name}`));
const answered = (answers: Answers) => [...answers].filter(([, { status }]) => status === 200).map(([call]) => call);

describe("without reveal, no caller gets a protected value", { timeout: 300_000 }, () => {
  it.each<Caller>(["other", "holder"])("from a REST read (caller: %s)", async (caller) => {
    const answers = await restReads(caller);
    expect(leaks(answers)).toEqual([]);
    const paths = new Set(answered(answers).map((call) => call.split("?")[0]));
    for (const id of ids.schedules) expect(paths).toContain(`schedules/${id}`);
    for (const id of ids.executions) expect(paths).toContain(`executions/${id}`);
    for (const id of ids.quarantined) expect(paths).toContain(`quarantine/${id}`);
    for (const path of ["audit", "audit/export", "dead-letters/refused", "monitoring/metrics", "executions/export"]) {
      expect(paths).toContain(path);
    }
    expect(answers.get(`schedules/${ids.schedules[0]}`)?.text).toContain(MASK);
    expect(answers.get(`audit?${RANGE}`)?.text).toContain(MASK);
  });

  it.each<Caller>(["other", "holder"])("from a tRPC query (caller: %s)", async (caller) => {
    const answers = await trpcReads(caller);
    expect(leaks(answers)).toEqual([]);
    const paths = new Set(answered(answers).map((call) => call.split(" ")[0]));
    // These need other input, and answer with times, counts or drafts.
    const others = ["schedules.preview", "bulk.get", "bulk.items", "bulk.preview"];
    const rest = ["bulk.undoPreview", "deadLetters.preview", "views.list", "executions.histogram", "audit.pauses"];
    const names = queries.map(({ path }) => path);
    const unanswered = names.filter((path) => !paths.has(path) && ![...others, ...rest].includes(path));
    expect(unanswered.filter((path) => !/^(access|analytics|upcoming)\./.test(path))).toEqual([]);
  });

  it.each<Caller>(["other", "holder"])("from a tool for assistants (caller: %s)", async (caller) => {
    const calls = TOOLS.filter(({ changes }) => changes === undefined).flatMap(({ name, input: schema }) =>
      inputs()
        .filter((input) => schema.safeParse(input).success)
        .map((input) => ({ tool: name, input })),
    );
    const answers = await answersOf(calls, async ({ tool, input }) => {
      const result = await callOneTool({ key: secrets.get(caller) as string, tool, input });
      const text = result.content[0]?.text ?? "";
      return [`${tool} ${JSON.stringify(input)}`, { status: result.isError ? 400 : 200, text }];
    });
    expect(leaks(answers)).toEqual([]);
    const names = answered(answers).map((call) => call.split(" ")[0]);
    for (const tool of ["list_schedules", "get_schedule", "explain_occurrence", "list_executions"]) {
      expect(names).toContain(tool);
    }
    expect(answers.get(`get_schedule {"scheduleId":"${ids.schedules[0]}"}`)?.text).toContain(MASK);
  });

  it("from the audit stream, or from the log", async () => {
    const sent: string[] = [];
    const receiver = {
      name: "webhook",
      send: async (entries: readonly object[]) => void sent.push(JSON.stringify(entries)),
    };
    const stream = createAuditStream(stack.deps, receiver as never);
    while (await stream.once());
    expect(canariesIn(sent.join())).toEqual([]);
    expect(sent.join()).toContain(MASK);
    expect(canariesIn(logged.join())).toEqual([]);
  });

  it("but the events on the bus have the real values", async () => {
    const messages = await stack.published(TOPIC);
    expect(messages.map(({ value }) => canariesIn(value))).toEqual([["edit", "edit-pattern"], ["replay"]]);
    expect(messages.map(({ headers }) => headers["x-auth"])).toEqual([canary("edit-header"), canary("edit-header")]);
  });
});

describe("reveal", { timeout: 300_000 }, () => {
  it("is refused without the right, and shows no value", async () => {
    const answers = [...(await restReads("other", "reveal=true")), ...(await trpcReads("other", { reveal: true }))];
    expect(leaks(new Map(answers))).toEqual([]);
    expect(answers.filter(([, { status }]) => status === 403).length).toBeGreaterThan(20);
  });

  it("shows a holder the values of a schedule, its versions, executions, quarantine and refused messages", async () => {
    const rest = await restReads("holder", "reveal=true");
    const shown = new Set([...rest.values()].flatMap(({ text }) => canariesIn(text)));
    for (const name of [
      "edit",
      "edit-pattern",
      "edit-header",
      "create",
      "batch",
      "batch-header",
      "delayed",
      "replay",
    ]) {
      expect.soft(shown, name).toContain(name);
    }
    for (const name of ["refused", "broken", "unquoted", "quarantined", "damaged"]) expect.soft(shown).toContain(name);
    const trpc = await trpcReads("holder", { reveal: true });
    const versions = [...trpc].filter(([call]) => call.startsWith("schedules.version "));
    expect(new Set(versions.flatMap(([, { text }]) => canariesIn(text)))).toContain("create");
  });

  it("is on record with who, what and from where", async () => {
    const id = ids.schedules[0] as string;
    await ok("holder", { path: `schedules/${id}`, query: "?reveal=true" });
    const query = `?${RANGE}&verb=schedule.reveal&target=${id}`;
    const { items } = await ok("other", { path: "audit", query });
    expect(items[0]).toMatchObject({ actor: "holder", via: "api_key", target: id, result: "succeeded" });
  });
});

describe("a masked value", () => {
  const failure = async (call: Parameters<typeof rest>[1]) => {
    const { status, text } = await rest("other", call);
    expect(status, text).toBe(422);
    return JSON.parse(text).errors.map(({ field }: { field: string }) => field);
  };

  it("is refused as a mask without a known schedule to copy from, and for a topic without the rule", async () => {
    const body = { ...event("x"), payload: { card: { number: MASK } }, headers: {} };
    expect(await failure({ method: "POST", path: "schedules", body })).toEqual(["payload.card.number"]);
    const unknown = { ...body, masked_values_from: "0190f3a0-0000-7000-8000-000000000000" };
    expect(await failure({ method: "POST", path: "schedules", body: unknown })).toEqual(["masked_values_from"]);
    const elsewhere = { ...body, topic: "open", masked_values_from: ids.schedules.at(-1) };
    expect(await failure({ method: "POST", path: "schedules", body: elsewhere })).toEqual(["payload.card.number"]);
  });

  it("does not get to a topic without the rule by a change of the topic", async () => {
    const { schedule_id: id } = await ok("other", { method: "POST", path: "schedules", body: event("moved") });
    const move = { method: "PATCH", path: `schedules/${id}`, body: { topic: "open" } };
    expect((await failure(move)).toSorted()).toEqual(["payload.account", "payload.card.number"]);
    await ok("holder", move);
  });

  it("cannot be found by a guess: an equal value is recorded as a change", async () => {
    const { schedule_id: id } = await ok("other", { method: "POST", path: "schedules", body: event("guess") });
    const guesses = ["wrong", "guess"];
    for (const name of guesses) {
      await ok("other", { method: "PATCH", path: `schedules/${id}`, body: { payload: event(name).payload } });
    }
    await ok("other", { method: "PATCH", path: `schedules/${id}`, body: { payload: event("guess").payload } });
    const { items } = await ok("other", { path: `schedules/${id}/versions` });
    expect(items.map(({ changed }: { changed: string[] }) => changed)).toEqual([
      ["payload"],
      ["payload"],
      ["payload"],
      [],
    ]);
  });
});
