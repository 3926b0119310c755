import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSchedulesClient, type SchedulesClient } from "../src/client.js";
import { SchedulesError } from "../src/errors.js";
import { parseJson, stringifyJson } from "../src/json.js";
import { verifyWebhook } from "../src/webhook.js";
import { type Answer, type RecordedRequest, startRecordingServer } from "./recording-server.js";

/* The cases of clients/conformance, which its README describes. */
interface Case {
  name: string;
  client?: { retries?: number; timeout_ms?: number; retry_delay_ms?: number; base_path?: string };
  call: string;
  // biome-ignore lint/suspicious/noExplicitAny: the cases are the tests of these types too
  arguments: any;
  exchanges?: { request?: ExpectedRequest; answer: Answer; minimum_pause_ms?: number }[];
  result?: unknown;
  error?: Record<string, unknown>;
}
interface ExpectedRequest {
  method: string;
  path: string;
  query?: Record<string, string | string[]>;
  idempotency_key?: true | string;
  if_match?: string;
  body?: unknown;
}

const MEMBERS = ["name", "client", "call", "arguments", "exchanges", "result", "error"];
const CLIENT_MEMBERS = ["retries", "timeout_ms", "retry_delay_ms", "base_path"];
const REQUEST_MEMBERS = ["method", "path", "query", "idempotency_key", "if_match", "body"];
const ANSWER_MEMBERS = ["status", "headers", "body", "text", "failure"];
const ERROR_MEMBERS = ["code", "status", "message", "faults", "request_id", "problem"];

const FOLDER = new URL("../../conformance/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
const casesOf = (file: string) => (parseJson(readFileSync(new URL(file, FOLDER), "utf8")) as { cases: Case[] }).cases;

let server: Awaited<ReturnType<typeof startRecordingServer>>;
beforeAll(async () => {
  server = await startRecordingServer(stringifyJson);
});
afterAll(() => server.stop());

describe.each(files)("%s", (file) => {
  it.each(casesOf(file))("$name", async (one) => {
    checkMembers(one);
    const exchanges = one.exchanges ?? [];
    const requests = server.record(exchanges.map(({ answer }) => answer));
    const { base_path = "", retries = 2, timeout_ms = 5000, retry_delay_ms = 1 } = one.client ?? {};
    const client = createSchedulesClient({
      url: server.url + base_path,
      apiKey: "conformance-key",
      retries,
      timeoutMs: timeout_ms,
      retryDelayMs: retry_delay_ms,
    });
    const outcome = await outcomeOf(client, one);
    checkRequests(exchanges, requests);
    expect(outcome).toEqual(one.error ? { error: expect.objectContaining(one.error) } : { result: one.result });
  });
});

async function outcomeOf(client: SchedulesClient, one: Case): Promise<{ result: unknown } | { error: unknown }> {
  const call = CALLS[one.call];
  if (call === undefined) throw new Error(`The runner has no call ${one.call}`);
  try {
    return { result: (await call(client, one.arguments)) ?? null };
  } catch (error) {
    if (!(error instanceof SchedulesError)) throw error;
    const { code, status, message, faults, requestId, problem } = error;
    return { error: { code, status, message, faults, request_id: requestId, problem } };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the cases are the tests of these types too
const CALLS: Record<string, (client: SchedulesClient, given: any) => Promise<unknown>> = {
  "schedules.create": ({ schedules }, given) => schedules.create(given.definition, optionsOf(given)),
  "schedules.get": ({ schedules }, given) => schedules.get(given.id),
  "schedules.list": ({ schedules }, given) => itemsOf(schedules.list(given.filter)),
  "schedules.first_page": ({ schedules }, given) => schedules.list(given.filter).first(),
  "schedules.update": ({ schedules }, given) => schedules.update(given.id, given.fields, optionsOf(given)),
  "schedules.delete": ({ schedules }, given) => schedules.delete(given.id, optionsOf(given)),
  "schedules.pause": ({ schedules }, { id, note, until, ...given }) =>
    schedules.pause(id, { note, until }, optionsOf(given)),
  "schedules.resume": ({ schedules }, { id, missed, ...given }) => schedules.resume(id, { missed }, optionsOf(given)),
  "schedules.run_now": async ({ schedules }, given) => {
    const { executionId, wasPaused } = await schedules.runNow(given.id, optionsOf(given));
    return { execution_id: executionId, was_paused: wasPaused };
  },
  "schedules.preview": ({ schedules }, given) => schedules.preview(given.request),
  "executions.list": ({ executions }, given) => itemsOf(executions.list(given.filter)),
  "executions.first_page": ({ executions }, given) => executions.list(given.filter).first(),
  "executions.get": ({ executions }, given) => executions.get(given.id),
  "executions.replay": async ({ executions }, { id, payload, headers, ...given }) => {
    const { executionId } = await executions.replay(id, { payload, headers }, optionsOf(given));
    return { execution_id: executionId };
  },
  schedule_event: (client, given) =>
    client.scheduleEvent({ ...eventOf(given), scheduledAt: given.scheduled_at }, optionsOf(given)),
  publish_with_delay: (client, given) =>
    client.publishWithDelay({ ...eventOf(given), delaySeconds: given.delay_seconds }, optionsOf(given)),
  cancel_event: (client, given) => client.cancelEvent(given.id, optionsOf(given)),
  get_stats: (client) => client.getStats(),
  wait_for_execution: (client, given) => client.waitForExecution(given.id, { timeoutMs: given.timeout_ms }),
  verify_webhook: (_, { now_seconds, ...given }) => verifyWebhook({ ...given, nowSeconds: now_seconds }),
};

// biome-ignore lint/suspicious/noExplicitAny: the cases are the tests of these types too
const optionsOf = (given: any) => ({ idempotencyKey: given.idempotency_key, ifVersion: given.if_version });

// biome-ignore lint/suspicious/noExplicitAny: the cases are the tests of these types too
const eventOf = ({ topic, entity_type, action, payload, body, headers, priority, ...given }: any) => ({
  topic,
  entityType: entity_type,
  action,
  payload,
  body,
  headers,
  priority,
  entityId: given.entity_id,
  correlationId: given.correlation_id,
});

async function itemsOf(list: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of list) items.push(item);
  return items;
}

function checkMembers(one: Case): void {
  const unknown = (value: object | undefined, known: readonly string[]) =>
    Object.keys(value ?? {}).filter((name) => !known.includes(name));
  const found = [
    ...unknown(one, MEMBERS),
    ...unknown(one.client, CLIENT_MEMBERS),
    ...unknown(one.error, ERROR_MEMBERS),
    ...(one.exchanges ?? []).flatMap((exchange) => [
      ...unknown(exchange, ["request", "answer", "minimum_pause_ms"]),
      ...unknown(exchange.request, REQUEST_MEMBERS),
      ...unknown(exchange.answer, ANSWER_MEMBERS),
    ]),
  ];
  expect(found, "members that the README does not list").toEqual([]);
  expect("result" in one).not.toBe("error" in one);
}

function checkRequests(exchanges: NonNullable<Case["exchanges"]>, requests: readonly RecordedRequest[]): void {
  let expected: ExpectedRequest | undefined;
  for (const [at, request] of requests.entries()) {
    expected = exchanges[at]?.request ?? expected;
    if (expected !== undefined) checkRequest(expected, request);
    expect(request.pauseMs).toBeGreaterThanOrEqual(exchanges[at]?.minimum_pause_ms ?? 0);
  }
  expect(requests).toHaveLength(exchanges.length);
  expect(new Set(requests.map(({ headers }) => headers["idempotency-key"])).size).toBeLessThanOrEqual(1);
}

function checkRequest(expected: ExpectedRequest, { method, target, headers, body }: RecordedRequest): void {
  const [path = "", query = ""] = target.split("?");
  const { idempotency_key: key } = expected;
  expect({ method, path, query: queryOf(query), ifMatch: headers["if-match"] }).toEqual({
    method: expected.method,
    path: expected.path,
    query: Object.fromEntries(Object.entries(expected.query ?? {}).map(([name, value]) => [name, [value].flat()])),
    ifMatch: expected.if_match,
  });
  expect(headers.authorization).toBe("Bearer conformance-key");
  expect(headers["idempotency-key"]).toEqual(key === true ? expect.stringMatching(/./) : key);
  if ("body" in expected) {
    expect(headers["content-type"]).toBe("application/json");
    expect(parseJson(body)).toEqual(withTimes(expected.body));
  } else {
    expect(body).toBe("");
  }
}

function queryOf(query: string): Record<string, string[]> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}

/** Replaces `$seconds_from_now` by a matcher of times that are near. */
function withTimes(expected: unknown): unknown {
  if (typeof expected !== "object" || expected === null || Array.isArray(expected)) return expected;
  const { $seconds_from_now: seconds } = expected as { $seconds_from_now?: number };
  if (seconds !== undefined) return new NearTime(Date.now() + seconds * 1000);
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, withTimes(value)]));
}

/** Equals a time as ISO 8601, up to a minute earlier or later. */
class NearTime {
  readonly #atMs: number;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  asymmetricMatch(other: unknown): boolean {
    return typeof other === "string" && Math.abs(Date.parse(other) - this.#atMs) <= 60_000;
  }
}
