import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { eventId, occurrenceKey } from "~/server/domain/ids";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker } from "~/worker/worker";
import type { Method, RouteMethods } from "./handler";
import { bulk } from "./routes/bulk";
import { execution } from "./routes/executions";
import { performanceSeries, summary } from "./routes/monitoring";
import {
  schedule,
  scheduleExecute,
  scheduleExecutions,
  scheduleOccurrences,
  schedules,
  schedulesBatch,
  scheduleToggle,
} from "./routes/schedules";
import { schedulesUpcoming } from "./routes/upcoming";

let stack: TestStack;
let recording: ReturnType<typeof keepRecording>;
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));
const KEY = "key-of-these-tests";

beforeAll(async () => {
  stack = await startTestStack();
  const deps = { ...stack.deps, env: { ...stack.deps.env, adminApiKey: KEY } };
  container.open = async () => ({ deps });
  recording = keepRecording(stack.deps);
}, 120_000);
afterAll(async () => {
  await recording?.stop();
  await stack?.stop();
});

interface Reply {
  status: number;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read answers of many shapes.
  json: any;
  headers: Headers;
}

async function ask(
  route: RouteMethods,
  method: Method,
  input: { id?: string; body?: string | object; query?: string; type?: string; ifMatch?: string } = {},
): Promise<Reply> {
  const { id, body, query = "", type = "application/json", ifMatch } = input;
  const request = new Request(`http://a.example/x${query}`, {
    method,
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    headers: {
      authorization: `Bearer ${KEY}`,
      "content-type": type,
      ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
    },
  });
  const response = await route[method](request, {
    params: Promise.resolve<Record<string, string>>(id === undefined ? {} : { id }),
  });
  const text = await response.text();
  return { status: response.status, text, json: text === "" ? null : JSON.parse(text), headers: response.headers };
}

const EVENT = { topic: "borders", entity_type: "x", action: "y" };
/** Near-term, so that its create does not wait for ClickHouse. */
const ONE_TIME = { ...EVENT, execution_time: new Date(Date.now() + 3_600_000).toISOString() };
const LONG_TERM = { ...EVENT, execution_time: "2027-06-01T00:00:00Z" };
const DAY_MS = 86_400_000;
const DAILY = { ...EVENT, cron_expression: "0 9 * * *" };
const create = (body: object | string) => ask(schedules, "POST", { body });
const fields = (reply: Reply): string[] => (reply.json.errors ?? []).map((fault: { field: string }) => fault.field);
const withPayload = (payload: string, more: object = ONE_TIME) =>
  `${JSON.stringify(more).slice(0, -1)},"payload":${payload}}`;

async function createdId(body: object | string): Promise<string> {
  const reply = await create(body);
  expect(reply.status, reply.text).toBe(201);
  return reply.json.schedule_id;
}

/** Parsing and writing this JSON would change it. */
const EXACT_PAYLOADS = [
  '{"id":1970670598291982290,"a":1,"a":2}',
  '{ "one": 1.0, "zero": -0, "far": 1E400, "small": 1e-400 }',
  '{"text":"\\u00e9 \\ud83d\\ude00 \\u0000 \\/","n":123456789012345678901234567890.123}',
];

describe("a payload", () => {
  it.each(EXACT_PAYLOADS)("is kept byte for byte by create, GET, PUT, PATCH and batch: %s", async (payload) => {
    const posted = await create(withPayload(payload));
    expect(posted.text).toContain(`"payload":${payload}}`);
    const id = posted.json.schedule_id;
    const got = await ask(schedule, "GET", { id });
    expect(got.text).toContain(`"payload":${payload}}`);

    const put = await ask(schedule, "PUT", { id, body: withPayload(payload, { ...ONE_TIME, description: "put" }) });
    expect(put.text).toContain(`"payload":${payload}}`);
    const patched = await ask(schedule, "PATCH", { id, body: `{"payload":${payload}}` });
    expect(patched.text).toContain(`"payload":${payload}}`);
    const body = await create({ ...ONE_TIME, body: payload });
    expect(body.text).toContain(`"payload":${payload}}`);

    const batch = await ask(schedulesBatch, "POST", {
      body: `{"items":[${withPayload(payload)},${withPayload("{}")}]}`,
    });
    const first = await ask(schedule, "GET", { id: batch.json.items[0].schedule_id });
    expect(first.text).toContain(`"payload":${payload}}`);
  });

  it("is published byte for byte, and shown unchanged with its execution", async () => {
    const payload = EXACT_PAYLOADS[0] as string;
    const dueMs = Date.now() - 1000;
    const due = { ...EVENT, topic: "exact", execution_time: new Date(dueMs).toISOString() };
    const scheduleId = await createdId(withPayload(payload, due));
    await recording.stop();
    const worker = await startWorker({ deps: stack.deps, port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
    const [message] = await eventually(
      async () => {
        const found = await stack.published("exact");
        return found.length > 0 ? found : null;
      },
      { what: "the event on its topic" },
    );
    await worker.stop();
    recording = keepRecording(stack.deps);
    expect(message?.value).toContain(`"payload":${payload}}`);
    const shown = await ask(execution, "GET", { id: eventId(occurrenceKey(scheduleId, dueMs)) });
    expect(shown.text).toContain(`"payload":${payload}}`);
  });

  it.each([
    ["nested 5,000 deep", `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`, "payload"],
    ["with an unpaired surrogate", '{"a":{"b":"\\ud800"}}', "payload.a.b"],
    ["that is a list", "[1]", "payload"],
  ])("%s is refused by create, PUT, PATCH and batch, with the name of the field", async (_, payload, field) => {
    const id = await createdId(ONE_TIME);
    for (const reply of [
      await create(withPayload(payload)),
      await ask(schedule, "PUT", { id, body: withPayload(payload) }),
      await ask(schedule, "PATCH", { id, body: `{"payload":${payload}}` }),
      await ask(schedule, "PATCH", { id, body: `{"payload":${payload}}`, type: "application/merge-patch+json" }),
    ]) {
      expect([reply.status, fields(reply)]).toEqual([422, [field]]);
    }
    const body = await create({ ...ONE_TIME, body: payload });
    expect([body.status, fields(body)]).toEqual([422, [field.replace("payload", "body")]]);
    const batch = `{"items":[${withPayload("{}")},${withPayload(payload)},${withPayload("{}")}]}`;
    const { status, json } = await ask(schedulesBatch, "POST", { body: batch });
    expect(status).toBe(207);
    expect(json.items[1].error.errors[0].field).toBe(field);
    expect([json.items[0].schedule_id, json.items[2].schedule_id]).toEqual([expect.any(String), expect.any(String)]);
  });
});

describe("a batch", () => {
  const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
  it.each([
    ["a name that is not valid Unicode", `{"name":"\\ud800"}`, "name"],
    ["a header with a line end", `{"headers":{"X-Own":"a\\r\\nb"}}`, "headers.X-Own"],
    ["a field nested too deep", `{"tags":${deep}}`, "tags.0"],
    ["an unknown field nested too deep", `{"more":${deep}}`, "more"],
    ["a field that is given twice", `{"topic":"a","topic":"b"}`, "topic"],
    ["a field that is given in both spellings", `{"entity_type":"a","entityType":"b"}`, "entityType"],
    ["a catch-up field that is given twice", `{"catch_up":{"max_runs":1,"maxRuns":2}}`, "catch_up.maxRuns"],
    ["a header named __proto__", `{"headers":{"__proto__":"a","b":"c"}}`, "headers"],
    ["an epoch in nanoseconds", `{"execution_time":1811844000000000000}`, "execution_time"],
    ["a list instead of a schedule", deep, "(body)"],
  ])("refuses only the item with %s", async (_, bad, field) => {
    const good = JSON.stringify(ONE_TIME);
    const { status, json } = await ask(schedulesBatch, "POST", { body: `{"items":[${good},${bad},${good}]}` });
    expect(status).toBe(207);
    expect(json.items[1].error).toMatchObject({ status: 422, errors: [{ field }] });
    expect(json.items.filter((one: object) => "schedule_id" in one)).toHaveLength(2);
  });
});

describe("the response of GET", () => {
  it.each([
    ["a recurring schedule", { ...DAILY, name: "round trip", tags: ["a"], headers: { "x-a": "1" }, max_runs: 5 }],
    ["a one-time schedule", { ...LONG_TERM, start_at: "2027-01-01T00:00:00Z", end_at: "2027-12-31T00:00:00Z" }],
  ])("of %s, sent back by PUT, changes only version and updated_at", async (_, body) => {
    const id = await createdId(withPayload(EXACT_PAYLOADS[0] as string, body));
    const before = await ask(schedule, "GET", { id });
    const put = await ask(schedule, "PUT", { id, body: before.text });
    expect(put.status, put.text).toBe(200);
    const after = await ask(schedule, "GET", { id });
    const { version: _v, updated_at: _u, ...rest } = after.json;
    const { version: _w, updated_at: _t, ...first } = before.json;
    expect(rest).toEqual(first);
    expect(after.text).toContain(`"payload":${EXACT_PAYLOADS[0]}}`);
  });

  it("of a paused schedule is accepted by PUT, and the schedule stays paused", async () => {
    const id = await createdId(DAILY);
    await ask(scheduleToggle, "POST", { id, body: { enabled: false, note: "INC-7\nsecond line" } });
    const before = await ask(schedule, "GET", { id });
    const put = await ask(schedule, "PUT", { id, body: before.text });
    expect(put.json).toMatchObject({ status: "paused", pause_note: "INC-7\nsecond line" });
  });

  it("of one schedule is refused at the URL of another", async () => {
    const id = await createdId(ONE_TIME);
    const other = await ask(schedule, "GET", { id: await createdId(ONE_TIME) });
    const put = await ask(schedule, "PUT", { id, body: other.text });
    expect([put.status, fields(put)]).toEqual([422, ["schedule_id"]]);
  });
});

describe("a merge patch", () => {
  const merge = (id: string, body: string) =>
    ask(schedule, "PATCH", { id, body, type: "application/merge-patch+json" });

  it("merges into payload and headers, and removes null members (RFC 7396)", async () => {
    const body = { ...ONE_TIME, headers: { "x-a": "1", "x-b": "2" }, description: "old", tags: ["t"] };
    const id = await createdId(withPayload('{"a":{"b":1,"c":2.0},"d":3,"big":1970670598291982290}', body));
    const reply = await merge(
      id,
      '{"payload":{"a":{"b":9},"d":null},"headers":{"x-a":null,"x-c":"3"},"description":null}',
    );
    expect(reply.text).toContain('"payload":{"a":{"b":9,"c":2.0},"big":1970670598291982290}}');
    expect(reply.json).toMatchObject({ headers: { "x-b": "2", "x-c": "3" }, description: "", tags: ["t"] });
  });

  it("without a payload keeps the payload byte for byte", async () => {
    const id = await createdId(withPayload(EXACT_PAYLOADS[0] as string));
    expect((await merge(id, '{"priority":5}')).text).toContain(`"payload":${EXACT_PAYLOADS[0]}}`);
  });

  it("can change a one-time schedule to a recurring one and back", async () => {
    const id = await createdId(ONE_TIME);
    expect((await merge(id, '{"cron_expression":"0 9 * * *"}')).json).toMatchObject({ execution_time: null });
    expect((await merge(id, JSON.stringify({ execution_time: ONE_TIME.execution_time }))).json).toMatchObject({
      cron_expression: null,
    });
  });

  it.each([
    ["a topic that is a number", '{"topic":3}', "topic"],
    ["a read-only field", '{"status":"paused"}', "status"],
    ["a header with a line end", '{"headers":{"x":"a\\nb"}}', "headers.x"],
    ["a header named __proto__", '{"headers":{"__proto__":"a"}}', "headers"],
    ["a name nested too deep", `{"name":${"[".repeat(5000)}${"]".repeat(5000)}}`, "name"],
    ["neither a time nor a cron", '{"execution_time":null}', "cron_expression"],
  ])("with %s is refused, with the name of the field", async (_, body, field) => {
    const reply = await merge(await createdId(ONE_TIME), body);
    expect([reply.status, fields(reply)[0]]).toEqual([422, field]);
  });

  it("merges the payload, but a PATCH with plain JSON replaces it", async () => {
    const id = await createdId(withPayload('{"a":{"b":1,"c":2},"d":3}'));
    const reply = await ask(schedule, "PATCH", { id, body: '{"payload":{"a":{"b":9},"d":null}}' });
    expect(reply.text).toContain('"payload":{"a":{"b":9},"d":null}}');
  });
});

it("all concurrent edits without a version succeed, but only one of several with the same version", async () => {
  const id = await createdId(ONE_TIME);
  const type = "application/merge-patch+json";
  const patch = (n: number, ifMatch?: string) =>
    ask(schedule, "PATCH", { id, body: `{"payload":{"k${n}":${n}}}`, type, ifMatch });
  const replies = await Promise.all([1, 2, 3, 4, 5].map((n) => patch(n)));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  const { json } = await ask(schedule, "GET", { id });
  expect(json).toMatchObject({ version: 6, payload: { k1: 1, k2: 2, k3: 3, k4: 4, k5: 5 } });
  const versioned = await Promise.all([6, 7, 8, 9].map((n) => patch(n, '"6"')));
  expect(versioned.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412]);
});

it("a delete and a pause without a version succeed during concurrent edits", async () => {
  const type = "application/merge-patch+json";
  const pause = (id: string) => ask(scheduleToggle, "POST", { id, body: '{"enabled":false}' });
  const remove = (id: string) => ask(schedule, "DELETE", { id });
  for (const change of [pause, remove, pause, remove]) {
    const id = await createdId(ONE_TIME);
    const patch = (n: number) => ask(schedule, "PATCH", { id, body: `{"payload":{"k${n}":${n}}}`, type });
    const edits = [1, 2, 3, 4].map(patch);
    const [{ status }] = await Promise.all([change(id), ...edits]);
    expect(status).toBeLessThan(300);
  }
});

it.each(["11111111-1111-f111-1111-111111111111", "11111111-1111-4111-0111-111111111111", "x"])(
  "GET and DELETE of the invalid id %s answer 404",
  async (id) => {
    expect((await ask(schedule, "GET", { id })).status).toBe(404);
    expect((await ask(schedule, "DELETE", { id })).status).toBe(404);
  },
);

it("a cron may have tabs between its fields", async () => {
  const { status, json } = await create({ ...EVENT, cron_expression: "0\t9 *\t\t* *" });
  expect(status).toBe(201);
  expect(json.next_execution).toMatch(/T09:00:00.000Z$/);
});

it("a query parameter named __proto__ is refused as unknown", async () => {
  const { status, json } = await ask(schedules, "GET", { query: "?__proto__=1" });
  expect([status, json.errors?.[0].field]).toEqual([422, "__proto__"]);
});

it("a header that the scheduler itself sets on every event is refused, with its name", async () => {
  const bad = { headers: { "x-own": "1", correlation_id: "z", Event_ID: "z" } };
  const id = await createdId({ ...ONE_TIME, headers: { "x-own": "1" } });
  const refusals = [
    await create({ ...ONE_TIME, ...bad }),
    await ask(schedule, "PUT", { id, body: { ...ONE_TIME, ...bad } }),
    await ask(schedule, "PATCH", { id, body: bad }),
    await ask(schedule, "PATCH", { id, body: bad, type: "application/merge-patch+json" }),
  ];
  for (const reply of refusals) {
    expect([reply.status, fields(reply)]).toEqual([422, ["headers.correlation_id", "headers.Event_ID"]]);
  }
  const { json: batch } = await ask(schedulesBatch, "POST", { body: { items: [{ ...ONE_TIME, ...bad }, ONE_TIME] } });
  expect(batch.items[0].error.errors[0].field).toBe("headers.correlation_id");
  expect(batch.items[1].schedule_id).toBeDefined();
});

describe("times", () => {
  it.each([
    ["an end after the last supported time", { ...DAILY, end_at: "9999-12-31T23:59:59Z" }, "end_at"],
    ["an epoch in nanoseconds", { ...EVENT, execution_time: 1_811_844_000_000_000_000 }, "execution_time"],
    [
      "a cron that ends before its first time",
      { ...DAILY, end_at: new Date(Date.now() + 1000).toISOString(), cron_expression: "0 0 29 2 *" },
      "end_at",
    ],
    ["a cron with an end in the past", { ...DAILY, end_at: "2020-01-01T00:00:00Z" }, "end_at"],
    [
      "a cron without a time between start and end",
      { ...DAILY, start_at: "2027-01-01T10:00:00Z", end_at: "2027-01-02T08:00:00Z" },
      "end_at",
    ],
    [
      "a cron that starts too late to fire before the last supported time",
      { ...DAILY, start_at: "2299-12-29T23:00:00Z" },
      "start_at",
    ],
    ["a one-time schedule that ends before its time", { ...LONG_TERM, end_at: "2027-05-31T00:00:00Z" }, "end_at"],
    ["a one-time schedule that starts after its time", { ...LONG_TERM, start_at: "2027-06-02T00:00:00Z" }, "start_at"],
    ["an offset without a colon", { ...EVENT, execution_time: "2027-06-01T10:00:00+0200" }, "execution_time"],
    ["two times that differ", { ...LONG_TERM, scheduled_at: "2027-06-02T00:00:00Z" }, "scheduled_at"],
  ])("%s is refused", async (_, body, field) => {
    const reply = await create(body);
    expect([reply.status, fields(reply)]).toEqual([422, [field]]);
  });

  it.each([
    [
      "a one-time schedule that starts at its time and ends 1 ms later",
      { ...LONG_TERM, start_at: LONG_TERM.execution_time, end_at: "2027-06-01T00:00:00.001Z" },
    ],
    ["a cron that ends at the last supported time", { ...DAILY, end_at: "2299-12-30T00:00:00Z" }],
  ])("%s is accepted", async (_, body) => {
    const id = await createdId(body);
    const { json } = await ask(schedule, "GET", { id });
    expect(json).toMatchObject({ end_at: new Date(body.end_at).toISOString() });
  });

  it.each([
    ["an end before the time", { end_at: "2027-05-01T00:00:00Z" }, "end_at"],
    ["a time after the end", { execution_time: "2027-12-01T00:00:00Z" }, "end_at"],
    ["a time before the start", { execution_time: "2027-02-01T00:00:00Z" }, "start_at"],
  ])("an edit with %s is refused", async (_, patch, field) => {
    const id = await createdId({ ...LONG_TERM, start_at: "2027-03-01T00:00:00Z", end_at: "2027-09-01T00:00:00Z" });
    for (const type of ["application/json", "application/merge-patch+json"]) {
      const reply = await ask(schedule, "PATCH", { id, body: patch, type });
      expect([reply.status, fields(reply)]).toEqual([422, [field]]);
    }
  });

  it.each(["from", "to"])("of a query are refused out of range: %s", async (name) => {
    const reply = await ask(scheduleOccurrences, "GET", {
      id: await createdId(DAILY),
      query: `?${name}=9999-01-01T00:00:00Z`,
    });
    expect([reply.status, fields(reply)]).toEqual([422, [name]]);
  });

  // 9 days, 13:37:40.170 and a part of a millisecond. Loads end at a whole minute.
  it.each([
    ["analytics/summary", summary, "to=2020-06-15T12:00:00Z", "2020-06-05T22:22:19.830Z", "2020-06-15T12:00:00.000Z"],
    [
      "analytics/performance",
      performanceSeries,
      "to=2020-06-15T12:00:00Z",
      "2020-06-05T22:22:19.830Z",
      "2020-06-15T12:00:00.000Z",
    ],
    [
      "upcoming",
      schedulesUpcoming,
      "from=2027-06-01T00:00:00Z",
      "2027-06-01T00:00:00.000Z",
      "2027-06-10T13:38:00.000Z",
    ],
  ])("may be a number of hours that is no whole number of milliseconds: %s", async (_, route, bound, from, to) => {
    const reply = await ask(route, "GET", { query: `?hours=229.62782503592211&${bound}` });
    expect([reply.status, reply.json.from, reply.json.to]).toEqual([200, from, to]);
  });

  it.each(["due_before", "due_after"])("of a list are refused out of range: %s", async (name) => {
    const reply = await ask(schedules, "GET", { query: `?${name}=1800-01-01T00:00:00Z` });
    expect([reply.status, fields(reply)]).toEqual([422, [name]]);
  });

  it("of a pause are refused out of range, and returned in UTC", async () => {
    const id = await createdId(DAILY);
    const late = await ask(scheduleToggle, "POST", { id, body: { enabled: false, until: "2300-01-01T00:00:00Z" } });
    expect([late.status, fields(late)]).toEqual([422, ["until"]]);
    const reply = await ask(scheduleToggle, "POST", {
      id,
      body: { enabled: false, until: "2299-12-01T12:00:00+02:00" },
    });
    expect(reply.json).toMatchObject({ paused_until: "2299-12-01T10:00:00.000Z" });
  });
});

describe("a bulk action", () => {
  it.each([
    {},
    { q: "" },
    { q: "  \t " },
    { tag: [] },
    { topic: [], status: [] },
    { failing: false, overdue: false },
    { status: ["active", "paused", "disabled", "completed"] },
    { source: ["kafka_delayed", "api_request", "admin", "code", "system"] },
    { tag: [""] },
    { tag: "" },
    { entity_type: " " },
    { nmae: "x" },
  ])("is refused if its filter restricts nothing or has an unknown field: %j", async (filter) => {
    const reply = await ask(bulk, "POST", { body: { action: "delete", filter, dry_run: true } });
    expect([reply.status, fields(reply).every((field) => field.startsWith("filter"))]).toEqual([422, true]);
  });

  it("is refused if its filter has the owner '-', which no document can have", async () => {
    const reply = await ask(bulk, "POST", { body: { action: "delete", filter: { owner: "-" }, dry_run: true } });
    expect([reply.status, fields(reply)]).toEqual([422, ["filter.owner"]]);
  });

  it.each([
    { q: "x" },
    { enabled: false },
    { status: ["active"] },
    { owner: "none" },
    { tag: ["none"] },
    { due_after: "2027-01-01T00:00:00Z" },
  ])("is accepted if its filter restricts something: %j", async (filter) => {
    expect((await ask(bulk, "POST", { body: { action: "delete", filter, dry_run: true } })).status).toBe(200);
  });

  it("accepts the field add_tags also in its older spelling addTags", async () => {
    const ids = [await createdId(DAILY)];
    const none = await ask(bulk, "POST", { body: { action: "retag", ids } });
    expect(fields(none)).toEqual(["add_tags"]);
    for (const tags of [{ add_tags: ["t"] }, { addTags: ["t"] }]) {
      const reply = await ask(bulk, "POST", { body: { action: "retag", ids, ...tags } });
      expect(reply.json).toMatchObject({ status: "queued", add_tags: ["t"] });
    }
  });

  it("finds ids in upper case", async () => {
    const id = await createdId(DAILY);
    const reply = await ask(bulk, "POST", { body: { action: "pause", ids: [id.toUpperCase()], dry_run: true } });
    expect(reply.json).toMatchObject({ count: 1, sample: [{ schedule_id: id }] });
  });
});

it("names and tags are equal if they differ only in their Unicode form", async () => {
  await createdId({ ...DAILY, name: "Cafe\u0301 report", tags: ["Cafe\u0301", "Caf\u00e9"] });
  const again = await create({ ...DAILY, name: "Caf\u00e9 report" });
  expect(again.status).toBe(409);
  await recordAll(stack.deps, 0);
  for (const text of ["Caf\u00e9", "Cafe\u0301"]) {
    for (const name of ["q", "tag"]) {
      const { json } = await ask(schedules, "GET", { query: `?${name}=${encodeURIComponent(text)}` });
      expect(json.items).toMatchObject([{ name: "Caf\u00e9 report", tags: ["Caf\u00e9"] }]);
    }
  }
});

it("REST calls accept an id in upper case", async () => {
  const id = await createdId(DAILY);
  const upperCase = id.toUpperCase();
  expect((await ask(schedule, "GET", { id: upperCase })).json).toMatchObject({ schedule_id: id });
  expect((await ask(schedule, "PATCH", { id: upperCase, body: { priority: 2 } })).status).toBe(200);
  expect((await ask(scheduleExecutions, "GET", { id: upperCase })).status).toBe(200);
  expect((await ask(scheduleExecute, "POST", { id: upperCase })).status).toBe(202);
  expect((await ask(schedule, "DELETE", { id: upperCase })).status).toBe(204);
});

it.each([
  ["entity_type=x&event_type=z", "event_type"],
  ["action=x&event_action=z", "event_action"],
])("an alias that contradicts its field is refused: %s", async (query, field) => {
  const reply = await ask(schedules, "GET", { query: `?${query}` });
  expect([reply.status, fields(reply)]).toEqual([422, [field]]);
  const { status } = await ask(schedules, "GET", { query: `?${query.replace("z", "x")}` });
  expect(status).toBe(200);
  const body = { ...DAILY, ...Object.fromEntries(new URLSearchParams(query)) };
  expect(fields(await create(body))).toEqual([field]);
});

describe("the planned occurrences", () => {
  it("report whether there are more, and where the next page begins", async () => {
    const id = await createdId(DAILY);
    const first = (await ask(scheduleOccurrences, "GET", { id })).json;
    expect([first.occurrences.length, first.truncated]).toEqual([100, true]);
    const query = `?limit=3&from=${first.next_from}`;
    const next = (await ask(scheduleOccurrences, "GET", { id, query })).json;
    expect(Date.parse(next.occurrences[0].nominal) - Date.parse(first.occurrences[99].nominal)).toBe(DAY_MS);
    const to = next.occurrences[2].nominal;
    const whole = (await ask(scheduleOccurrences, "GET", { id, query: `${query}&to=${to}` })).json;
    expect(whole).toMatchObject({ truncated: false, next_from: null });
    expect(whole.occurrences).toHaveLength(3);
  });
});
