import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type AuditEntry, readAuditEntry } from "~/server/domain/audit/entry";
import { RIGHTS, type Right } from "~/server/domain/rights";
import { createApiKey } from "~/server/services/access";
import { listAudit } from "~/server/services/audit-trail";
import { refusalsOf } from "~/server/services/refusals";
import { createSchedule, getSchedule } from "~/server/services/schedules";
import { ADMIN } from "~/server/testing/access-deps";
import { callOneTool, connectAssistant, failureOf, sendToMcp, type ToolResult } from "~/server/testing/assistant";
import { anExecution } from "~/server/testing/executions";
import { recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";

let stack: TestStack;
let nowMs: () => number = Date.now;
const keys = new Map<string, string>();
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

const READS: Right[] = ["schedules:read", "executions:read"];

beforeAll(async () => {
  stack = await startTestStack();
  const deps = { ...stack.deps, clock: { now: () => nowMs() } };
  container.open = async () => ({ deps });
  const ctx = { ...stack.ctx, principal: ADMIN };
  for (const [name, rights] of [
    ["all", [...RIGHTS]],
    ["reader", READS],
  ] as const) {
    keys.set(name, (await createApiKey({ ctx, input: { name, rights: [...rights] } })).secret);
  }
}, 120_000);
afterAll(() => stack?.stop());

const key = (name: "all" | "reader") => keys.get(name) as string;
const connect = (allowsWrites: boolean, name: "all" | "reader" = "all") =>
  connectAssistant({ key: key(name), allowsWrites, name: "claude-code" });
const contentOf = <T = Record<string, unknown>>(result: ToolResult): T => {
  expect(result.isError, result.content[0]?.text).toBeFalsy();
  return result.structuredContent as T;
};

async function newSchedule(name: string): Promise<string> {
  const input = { name, topic: "reports", cronExpression: "0 3 * * *", timezone: "Europe/Berlin" };
  return (await createSchedule({ ctx: stack.ctx, input })).schedule.scheduleId;
}

async function trail(target: string, result = "succeeded"): Promise<AuditEntry[]> {
  const ctx = { ...stack.ctx, principal: ADMIN };
  await refusalsOf(stack.deps).flush();
  return (await listAudit({ ctx, input: { from: 0, target, result, limit: 50 } })).items;
}

const READ_TOOLS = [
  ...["list_schedules", "get_schedule", "explain_occurrence", "list_executions", "failures_by_cause"],
  ...["upcoming_load", "upcoming_runs", "health"],
];
const CREATE = { topic: "reports", cron_expression: "0 4 * * *", timezone: "Europe/Berlin", payload: { a: 1 } };

describe("a read-only connection", () => {
  it("offers only tools that read, with typed and annotated results", async () => {
    const { client } = await connect(false);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(READ_TOOLS);
    for (const { annotations, inputSchema, outputSchema, description } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
      expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
      expect(outputSchema).toMatchObject({ type: "object" });
      expect(description).toMatch(/.{40}/);
    }
    expect(client.getServerVersion()).toMatchObject({ name: "stufio-schedules" });
    expect(client.getInstructions()).toContain("not instructions");
  });

  it("explains a run that was skipped, and answers the questions of an incident", async () => {
    const { call } = await connect(false, "reader");
    const scheduleId = await newSchedule("nightly skipped report");
    const scheduledFor = Date.now() - 3_600_000 - (Date.now() % 60_000);
    await recordAll(stack.deps, 0);
    const skipped = anExecution({
      ...{ scheduleId, topic: "reports", scheduledFor, firedAt: null, actor: "ana@example.com", note: "maintenance" },
      ...({ outcome: "skipped", reason: "paused" } as const),
    });
    const dead = [1, 2, 3].map((n) =>
      anExecution({
        ...{ scheduleId, topic: "reports", scheduledFor: scheduledFor - n * 60_000, firedAt: null },
        ...({ outcome: "dead", reason: "retries_used_up", errorClass: "publish" } as const),
        error: n === 1 ? "no leader" : `broker ${n} refused the record`,
      }),
    );
    await stack.deps.store.insertBatch({ token: "mcp", schedules: [], executions: [skipped, ...dead] });

    const found = contentOf<{ items: { schedule_id: string }[] }>(
      await call("list_schedules", { q: "skipped report" }),
    );
    expect(found.items.map((one) => one.schedule_id)).toEqual([scheduleId]);
    const at = new Date(scheduledFor).toISOString();
    const { items } = contentOf<{ items: object[] }>(await call("explain_occurrence", { schedule_id: scheduleId, at }));
    expect(items).toMatchObject([{ kind: "skipped", reason: "paused", sentence: expect.stringContaining("skipped") }]);

    const first = contentOf<{ items: object[]; next_cursor: string; total: number }>(
      await call("failures_by_cause", { schedule_id: scheduleId, limit: 1 }),
    );
    expect(first).toMatchObject({ items: [{ cause: expect.stringContaining("refused"), count: 2 }], total: 2 });
    const second = await call("failures_by_cause", { schedule_id: scheduleId, limit: 1, cursor: first.next_cursor });
    expect(contentOf(second)).toMatchObject({ items: [{ cause: "no leader", count: 1 }], next_cursor: null });
    const page = contentOf<{ next_cursor: string }>(
      await call("list_executions", { schedule_id: scheduleId, status: "dead", limit: 2 }),
    );
    const rest = await call("list_executions", {
      ...{ schedule_id: scheduleId, status: ["dead"], limit: 2 },
      cursor: page.next_cursor,
    });
    expect(contentOf<{ items: object[] }>(rest).items).toHaveLength(1);
    expect(contentOf(await call("get_schedule", { schedule_id: scheduleId }))).toMatchObject({
      ...{ name: "nightly skipped report", payload_text: "{}" },
      next_runs: expect.arrayContaining([{ at: expect.any(String), local: expect.any(String), note: null }]),
    });
    const load = contentOf<{ firings: number; buckets: object[] }>(await call("upcoming_load", { hours: 168 }));
    expect(load.firings).toBeGreaterThanOrEqual(7);
    expect(load.buckets.length).toBeLessThanOrEqual(48);
    expect(contentOf<{ items: object[] }>(await call("upcoming_runs", { limit: 3 })).items.length).toBeGreaterThan(0);
    expect(contentOf(await call("health"))).toMatchObject({ status: expect.stringMatching(/^(healthy|degraded)$/) });
  });

  it("refuses a change, names what is missing, and records the refusal as the assistant's", async () => {
    const { call } = await connect(false);
    const scheduleId = await newSchedule("not paused");
    const refused = await call("pause_schedule", { schedule_id: scheduleId, note: "try" });
    expect(refused.isError).toBe(true);
    expect(failureOf(refused)).toMatchObject({ code: "forbidden", required: "allow_writes=true" });
    expect((await getSchedule({ ctx: stack.ctx, input: { scheduleId } })).status).toBe("active");
    const [entry] = await trail("mcp.pause_schedule", "refused");
    expect(entry).toMatchObject({
      ...{ verb: "schedule.pause", result: "refused", errorCode: "forbidden", call: "mcp.pause_schedule" },
      ...{ actor: "all", via: "mcp", client: "claude-code 1.2.3" },
    });
  });
});

describe("a connection that allows writes", () => {
  it("offers the tools for which the key has the right", async () => {
    const all = (await (await connect(true)).client.listTools()).tools;
    expect(all.map(({ name }) => name)).toEqual([
      ...READ_TOOLS,
      ...["create_schedule", "pause_schedule", "resume_schedule", "run_schedule_now", "replay_execution"],
    ]);
    const hints = Object.fromEntries(all.map(({ name, annotations }) => [name, annotations]));
    expect(hints.create_schedule).toMatchObject({ readOnlyHint: false, destructiveHint: false, idempotentHint: true });
    expect(hints.run_schedule_now).toMatchObject({ readOnlyHint: false, destructiveHint: true, idempotentHint: false });
    const some = (await (await connect(true, "reader")).client.listTools()).tools;
    expect(some.map(({ name }) => name)).toEqual(READ_TOOLS);
  });

  it("refuses a change without the right, and names the right", async () => {
    const { call } = await connect(true, "reader");
    const refused = await call("run_schedule_now", { schedule_id: await newSchedule("not run") });
    expect(failureOf(refused)).toMatchObject({ code: "forbidden", required: "schedules:run" });
  });

  it("creates a schedule after a dry run of the same definition, once", async () => {
    const { call } = await connect(true);
    const definition = { ...CREATE, name: "made by an assistant", max_runs: 3 };
    const dry = contentOf<{ confirmation: string }>(await call("create_schedule", definition));
    expect(dry).toMatchObject({
      ...{ dry_run: true, schedule: null, created: null },
      preview: { runs_in_next_week: 3, next_runs: [{}, {}, {}], timezone: "Europe/Berlin" },
    });
    const found = await call("list_schedules", { q: "made by an assistant" });
    expect(contentOf<{ items: object[] }>(found).items).toEqual([]);

    const write = { ...definition, dry_run: false };
    const without = failureOf(await call("create_schedule", write));
    expect(without.errors?.[0]).toMatchObject({
      ...{ field: "confirmation", message: "is missing", expected: expect.stringContaining("dry run") },
    });
    const other = { ...write, max_runs: 4, confirmation: dry.confirmation };
    expect(failureOf(await call("create_schedule", other)).errors?.[0]).toMatchObject({
      ...{ field: "confirmation", message: "belongs to another definition or caller" },
    });
    const confirmed = { ...write, confirmation: dry.confirmation };
    const made = contentOf<{ schedule: { schedule_id: string } }>(await call("create_schedule", confirmed));
    expect(made).toMatchObject({ created: true, schedule: { name: "made by an assistant", status: "active" } });
    expect(contentOf(await call("create_schedule", confirmed))).toMatchObject({
      ...{ created: false, schedule: { schedule_id: made.schedule.schedule_id } },
    });
    expect(await trail(made.schedule.schedule_id)).toMatchObject([
      { verb: "schedule.create", result: "succeeded", actor: "all", via: "mcp", client: "claude-code 1.2.3" },
    ]);
  });

  it("refuses the confirmation of a dry run after an hour", async () => {
    const { call } = await connect(true);
    const dry = contentOf<{ confirmation: string }>(await call("create_schedule", CREATE));
    nowMs = () => Date.now() + 3_601_000;
    try {
      const late = await call("create_schedule", { ...CREATE, dry_run: false, confirmation: dry.confirmation });
      expect(failureOf(late).errors).toMatchObject([{ field: "confirmation", message: "has expired" }]);
    } finally {
      nowMs = Date.now;
    }
  });

  it("pauses only with a note, resumes, runs and replays, each as the assistant", async () => {
    const { call } = await connect(true);
    const scheduleId = await newSchedule("changed by an assistant");
    const target = { schedule_id: scheduleId };
    for (const note of [undefined, "", "  "]) {
      const { code, errors } = failureOf(await call("pause_schedule", { ...target, note }));
      expect([code, errors?.[0]?.field], String(note)).toEqual(["validation_failed", "note"]);
    }
    const paused = contentOf(await call("pause_schedule", { ...target, note: "the consumer is down" }));
    expect(paused).toMatchObject({ schedule: { status: "paused", pause_note: "the consumer is down" } });
    const resumed = contentOf(await call("resume_schedule", { ...target, missed: "none" }));
    expect(resumed).toMatchObject({ schedule: { status: "active" } });
    contentOf(await call("run_schedule_now", target));
    const ended = anExecution({ scheduleId, topic: "reports", scheduledFor: Date.now() - 60_000 });
    await stack.deps.store.insertBatch({ token: "mcp-replay", schedules: [], executions: [ended] });
    const replayed = contentOf(await call("replay_execution", { execution_id: ended.executionId }));
    expect(replayed).toMatchObject({ replay_of: ended.executionId });
    const entries = await trail(scheduleId);
    expect(entries.filter(({ via }) => via === "mcp").map(({ verb }) => verb)).toEqual([
      ...["execution.replay", "schedule.execute", "schedule.resume", "schedule.pause"],
    ]);
    const documents = (await stack.deps.hot.unflushed({ limit: 1000 })).audit.map(readAuditEntry);
    expect(documents.find(({ verb }) => verb === "schedule.pause")).toMatchObject({ client: "claude-code 1.2.3" });
  });

  it("runs once for a repeated message, and needs a key or a session", async () => {
    const scheduleId = await newSchedule("run once");
    const initialize = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
    const send = (message: object, headers: Record<string, string> = {}) =>
      sendToMcp({
        ...{ query: "?allow_writes=true", headers: { authorization: `Bearer ${key("all")}`, ...headers } },
        body: JSON.stringify({ jsonrpc: "2.0", ...message }),
      });
    const opened = await send({ id: 0, method: "initialize", params: initialize });
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") as string };
    const run = (id: number, headers: Record<string, string>, more: object = {}) =>
      send(
        {
          id,
          method: "tools/call",
          params: { name: "run_schedule_now", arguments: { schedule_id: scheduleId, ...more } },
        },
        headers,
      )
        .then((response) => response.json())
        .then(({ result }) => result as ToolResult);
    const [first, repeated, another] = [await run(7, session), await run(7, session), await run(8, session)];
    expect(contentOf(repeated)).toEqual(contentOf(first));
    expect(contentOf(another)).not.toEqual(contentOf(first));
    expect(failureOf(await run(7, {})).errors).toMatchObject([{ field: "idempotency_key" }]);
    const keyed = [await run(1, {}, { idempotency_key: "mine" }), await run(2, {}, { idempotency_key: "mine" })];
    expect(contentOf(keyed[1] as ToolResult)).toEqual(contentOf(keyed[0] as ToolResult));
    expect((await trail(scheduleId)).filter(({ verb }) => verb === "schedule.execute")).toHaveLength(3);
  });

  it("keeps the numbers of a payload as they were sent", async () => {
    const session = (json: string) =>
      sendToMcp({
        ...{ query: "?allow_writes=true", headers: { authorization: `Bearer ${key("all")}` } },
        body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_schedule","arguments":${json}}}`,
      })
        .then((response) => response.json())
        .then(({ result }) => contentOf<{ confirmation: string; schedule: { schedule_id: string } }>(result));
    const definition = `"topic":"numbers","execution_time":"${new Date(Date.now() + 60_000).toISOString()}","payload":{"n": 12345678901234567890}`;
    const { confirmation } = await session(`{${definition}}`);
    const { schedule } = await session(`{${definition},"dry_run":false,"confirmation":"${confirmation}"}`);
    const { payload } = await getSchedule({ ctx: stack.ctx, input: { scheduleId: schedule.schedule_id } });
    expect(payload).toBe('{"n": 12345678901234567890}');
  });

  it("refuses recurring schedules without an end if the setting says so", async () => {
    stack.change({ assistantSchedulesNeedEnd: true });
    try {
      const { call } = await connect(true);
      const { code, errors } = failureOf(await call("create_schedule", CREATE));
      expect(code).toBe("validation_failed");
      expect(errors?.map(({ field }) => field)).toEqual(["max_runs", "end_at"]);
      const { cron_expression: _, ...once } = CREATE;
      const atEnd = new Date(Date.now() + 7 * 86_400_000).toISOString();
      for (const input of [
        { ...CREATE, max_runs: 5 },
        { ...CREATE, end_at: atEnd },
        { ...once, execution_time: atEnd },
      ]) {
        expect(contentOf(await call("create_schedule", input))).toMatchObject({ dry_run: true });
      }
      expect(await newSchedule("by a person, without an end")).toMatch(/-/);
    } finally {
      stack.change({ assistantSchedulesNeedEnd: false });
    }
  });
});

describe("bad input", () => {
  it.each([
    ["list_schedules", { limit: 51 }, "limit"],
    ["list_schedules", { nothing: 1 }, "nothing"],
    ["list_schedules", JSON.parse('{"__proto__": {"q": "a"}}'), "__proto__"],
    ["get_schedule", { schedule_id: "no id" }, "schedule_id"],
    ["explain_occurrence", { schedule_id: "0190f3a0-0000-7000-8000-000000000000", at: "yesterday" }, "at"],
    ["failures_by_cause", { from: "yesterday" }, "from"],
    ["create_schedule", { ...CREATE, cron_expression: "61 * * * *" }, "cron_expression"],
    ["create_schedule", { ...CREATE, payload: "text" }, "payload"],
    ["run_schedule_now", {}, "schedule_id"],
  ])("of %s %j names the field %s", async (tool, input, field) => {
    const { isError, ...result } = await callOneTool({ key: key("all"), tool, input });
    expect(isError).toBe(true);
    const { errors, detail } = failureOf(result);
    expect(errors?.[0]?.field).toBe(field);
    expect(errors?.[0]?.message).toMatch(/\w/);
    expect(detail).not.toMatch(/ at .*\.ts/);
  });

  it("is a typed error for an unknown id and for an invalid cursor", async () => {
    const schedule_id = "0190f3a0-0000-7000-8000-000000000000";
    const unknown = await callOneTool({ key: key("all"), tool: "get_schedule", input: { schedule_id } });
    expect(failureOf(unknown).code).toBe("not_found");
    const cursor = { cursor: "nonsense" };
    for (const tool of ["list_schedules", "failures_by_cause", "list_executions", "upcoming_runs"]) {
      const failed = failureOf(await callOneTool({ key: key("all"), tool, input: cursor }));
      expect([tool, failed.code]).toEqual([tool, "cursor_invalid"]);
    }
  });
});

describe("a request", () => {
  const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  const bearer = () => ({ authorization: `Bearer ${key("all")}` });
  const answerTo = async (call: Parameters<typeof sendToMcp>[0]) => {
    const response = await sendToMcp(call);
    return [response.status, ((await response.json()) as { code?: string }).code];
  };

  it("needs an API key: a cookie or an unknown key is not enough", async () => {
    expect(await answerTo({ body: list })).toEqual([401, "unauthenticated"]);
    expect(await answerTo({ body: list, headers: { cookie: "stufio_session=a" } })).toEqual([401, "unauthenticated"]);
    const wrong = { authorization: "Bearer wrong" };
    expect(await answerTo({ body: list, headers: wrong })).toEqual([401, "unauthenticated"]);
    expect((await sendToMcp({ body: list })).headers.get("www-authenticate")).toBe("Bearer");
  });

  it.each(["GET", "DELETE", "PUT"] as const)("by %s is not served", async (method) => {
    const response = await sendToMcp({ method, headers: bearer() });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it.each([
    ["another site", "https://evil.example", "evil.example", null, 403],
    ["a name that resolves to this machine", "http://evil.example:3000", "evil.example:3000", null, 403],
    ["no valid origin", "null", "127.0.0.1:3000", null, 403],
    ["this machine", "http://127.0.0.1:3000", "127.0.0.1:3000", null, 200],
    ["another port of this machine", "http://127.0.0.1:4000", "127.0.0.1:3000", null, 403],
    ["the public address", "https://schedules.example.org", "web:3000", "https://schedules.example.org", 200],
    ["this machine, with a public address", "http://127.0.0.1:3000", "127.0.0.1:3000", "https://a.example", 403],
  ])("of a page of %s", async (_, origin, host, publicUrl, status) => {
    const before = container.open;
    const { deps } = (await before()) as { deps: TestStack["deps"] };
    container.open = async () => ({ deps: { ...deps, env: { ...deps.env, publicUrl } } });
    try {
      const response = await sendToMcp({ body: list, headers: { ...bearer(), origin, host } });
      expect(response.status).toBe(status);
    } finally {
      container.open = before;
    }
  });

  it.each([
    ["no JSON", "{", 400],
    ["a batch", `[${list}]`, 400],
    ["a body of 3 MB", `{"jsonrpc":"2.0","x":"${"x".repeat(3_000_000)}"}`, 413],
  ])("with %s is refused", async (_, body, status) => {
    expect((await answerTo({ body, headers: bearer() }))[0]).toBe(status);
  });

  it.each(["maybe", "true&allow_writes=true", "%ff"])("with allow_writes=%s is refused", async (value) => {
    const query = `?allow_writes=${value}`;
    expect(await answerTo({ body: list, query, headers: bearer() })).toEqual([422, "validation_failed"]);
  });

  it("for an unknown tool or method is a protocol error", async () => {
    const ask = async (method: string, params: object) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 5, method, params });
      return (await sendToMcp({ body, headers: bearer() })).json();
    };
    expect(await ask("tools/call", { name: "drop_tables" })).toMatchObject({ id: 5, error: { code: -32602 } });
    expect(await ask("resources/list", {})).toMatchObject({ id: 5, error: { code: -32601 } });
  });

  it("ignores a client's name that has control or reordering characters, or is too long", async () => {
    const open = async (name: string) => {
      const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name, version: "1" } };
      const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
      return (await sendToMcp({ body, headers: bearer() })).headers.get("mcp-session-id");
    };
    expect(await open("good")).toMatch(/^[\w-]{22}\.[\w-]+$/);
    for (const name of ["a\nb", "\u202eevil", "x".repeat(200)]) expect(await open(name)).toMatch(/^[\w-]{22}$/);
  });
});
