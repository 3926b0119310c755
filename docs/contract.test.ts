import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { readMigrations } from "~/server/adapters/clickhouse/migrate";
import { ERROR_CLASSES, HEALTH_CODES } from "~/server/domain/choices";
import { type DelayedFaultCode, parseDelayedMessage } from "~/server/domain/delayed-message";
import { AppError, type ErrorCode } from "~/server/domain/errors";
import { encodeEventMessage } from "~/server/domain/event-message";
import { HEALTH_LIMITS } from "~/server/domain/health-limits";
import { ScheduleInput } from "~/server/domain/schedule";
import { SETTING_NAMES, SETTINGS, type SettingDefinition } from "~/server/domain/settings";
import { wireField } from "~/server/domain/wire";
import { ENV_NAMES, parseEnv } from "~/server/env";
import { TOOLS } from "~/server/mcp/tools/table";
import type { BusMessage, Delivered, PublishResult } from "~/server/ports/bus";
import type { Method, RouteMethods } from "~/server/rest/handler";
import { TITLES } from "~/server/rest/problem";
import { COUNTERS, HISTOGRAMS } from "~/server/services/counters";
import type { Deps } from "~/server/services/ctx";
import { publishDeadLetters } from "~/server/services/firing/dead-letter-topic";

/*
 * Compares the tables of the contract with the code in both directions, except the table of audit entries. A failure
 * shows the row to add, change or remove.
 */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const text = readFileSync(`${ROOT}docs/reference/contract.md`, "utf8");

// Opens no store: every route stops at the check of its right, and the answer names the right.
vi.mock("~/server/services/refusals", () => ({ recordRefusal: () => undefined }));
vi.mock("~/server/request-ctx", () => ({ requestCtx: async () => ({ ctx: {}, session: null }) }));
vi.mock("~/server/services/access", async (original) => ({
  ...(await original<typeof import("~/server/services/access")>()),
  requireRight: (_: unknown, right: string | readonly string[]) => {
    throw new AppError("forbidden", [right].flat().join(" or "));
  },
}));

/** The rows of the table with this first heading, without code marks. */
function table(heading: string): string[][] {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  expect(from, `no table begins with "${heading}"`).toBeGreaterThan(0);
  const rows: string[][] = [];
  for (const line of lines.slice(from + 2)) {
    if (!line.startsWith("|")) break;
    const cells = line.slice(2, -2).split(/ (?<!\\)\| /);
    rows.push(cells.map((cell) => cell.replaceAll("`", "").replaceAll("\\|", "|").trim()));
  }
  return rows;
}

const column = (rows: string[][], at = 0) => rows.map((row) => row[at] ?? "");
/** The files of catch-all routes, of tRPC and of the documentation's index, which the table does not list. */
const NO_ROUTE = /\[\.\.\.|\[trpc\]|^\(docs\)/;
const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

test("the routes match the served routes and their rights", async () => {
  const files = readdirSync(`${ROOT}app`, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith("/route.ts") && !NO_ROUTE.test(file),
  );
  const served: string[] = [];
  for (const file of files) {
    const route = (await import(`${ROOT}app/${file}`)) as RouteMethods;
    const path = `/${file.slice(0, -"/route.ts".length).replaceAll(/\[(\w+)\]/g, "{$1}")}`;
    for (const method of METHODS) {
      const request = new Request(`http://a.example${path}`, { method });
      const params = Promise.resolve({ id: "0190f3a0-0000-7000-8000-000000000000" });
      const response = await route[method](request, { params });
      if (response.status === 405) continue;
      const { detail } = response.status === 403 ? ((await response.json()) as { detail: string }) : { detail: "none" };
      served.push(`${method} ${path}: ${detail}`);
    }
  }
  const listed = table("call").map(([call, right]) => `${call}: ${right}`);
  expect(listed.toSorted()).toEqual(served.toSorted());
});

test("the settings match the domain's, with default, range and unit", () => {
  const range = (setting: SettingDefinition) => {
    if (setting.type === "boolean") return "true or false";
    if (setting.type === "zone") return "an IANA zone";
    if (setting.type === "prefixes") return "beginnings of topic names, separated by commas";
    return setting.max === null ? `at least ${setting.min}` : `${setting.min} to ${setting.max}`;
  };
  const expected = SETTING_NAMES.map((name) => SETTINGS[name]).map((setting) => [
    setting.key,
    String(setting.default) || "empty",
    range(setting),
    "unit" in setting ? setting.unit : "none",
  ]);
  expect(table("setting").map((row) => row.slice(0, 4))).toEqual(expected);
});

test("the environment variables match server/env.ts, with their defaults", () => {
  const required = { REDIS_URL: "redis://127.0.0.1:6379", CLICKHOUSE_URL: "http://127.0.0.1:8123" };
  const defaults = parseEnv(required) as unknown as Record<string, unknown>;
  const expected = ENV_NAMES.map((name) => {
    if (name in required) return [name, "required"];
    return [name, String(defaults[name] ?? "none")];
  });
  expect(table("variable").map((row) => row.slice(0, 2))).toEqual(expected);
});

test("the error codes match the union, with their status", () => {
  const codes = Object.keys(TITLES) as ErrorCode[];
  const expected = codes.map((code) => [code, String(new AppError(code, "").status)]);
  expect(table("code").map((row) => row.slice(0, 2))).toEqual(expected);
});

test("the fields of a schedule match those that a caller may set", () => {
  const expected = Object.keys(ScheduleInput.shape).map((name) => wireField([name]));
  expect(column(table("field")).toSorted()).toEqual(expected.toSorted());
});

test("the headers and members of an event match those that the product sets", () => {
  const event = {
    topic: "t",
    entityType: "e",
    entityId: null,
    action: "a",
    payload: "{}",
    rawValue: false,
    headers: {},
  };
  const actor = { actorType: "system", actorId: "scheduler" } as const;
  const schedule = { scheduleId: "s", correlationId: "c", ...event, ...actor };
  const occurrence = { eventId: "e", executionId: "e", scheduledForMs: 0, attempt: 1, timestampMs: 0 };
  const { headers, value } = encodeEventMessage({ schedule, occurrence });
  expect(column(table("header of an event"))).toEqual(Object.keys(headers));
  expect(column(table("member of an event"))).toEqual(Object.keys(JSON.parse(value)));
});

test("the headers of a delayed message match those that are not passed on", () => {
  const instructions = table("header of a delayed message").map(([name = ""]) => name);
  const source = readFileSync(`${ROOT}server/domain/delayed-message.ts`, "utf8");
  const [, set = ""] = /const INSTRUCTIONS[^[]*\[([^\]]*)\]/.exec(source) ?? [];
  expect(instructions).toEqual([...set.matchAll(/"(\w+)"/g)].map(([, name]) => name));
  const read = parseDelayedMessage({
    headers: { original_topic: "t", delivery_time: "2030-01-01T00:00:00Z", own: "1" },
    value: Buffer.from("{}"),
    ...{ timestampMs: 0, nowMs: 0, limits: { maxDeliveryDelaySeconds: 1e10, delayedTopicPrefixes: "" } },
  });
  expect(read.ok && read.message.headers).toEqual({ own: "1" });
});

test("the reasons of a refused message match the union", () => {
  const codes = {
    ...{ batch_undecodable: 1, original_topic_missing: 1, original_topic_invalid: 1, delivery_time_missing: 1 },
    ...{ delivery_time_invalid: 1, delay_too_long: 1, priority_invalid: 1, max_delay_invalid: 1, value_too_large: 1 },
    ...{
      value_not_utf8: 1,
      value_not_json: 1,
      event_invalid: 1,
      schema_mismatch: 1,
      topic_not_allowed: 1,
      unprocessable: 1,
    },
  } satisfies Record<DelayedFaultCode, 1>;
  expect(column(table("dlq_code")).toSorted()).toEqual(Object.keys(codes).toSorted());
});

test("the headers of a dead letter match the published headers", async () => {
  const sent: BusMessage[] = [];
  // The first publish is refused, so the value is cut and published again, with every header.
  const refusal: PublishResult = { ok: false, errorClass: "bad_payload", message: "too large", retriable: false };
  const publish = async (messages: BusMessage[]): Promise<PublishResult[]> => {
    sent.push(...messages);
    return messages.map(() => (sent.length === 1 ? refusal : { ok: true }));
  };
  const deps = { bus: { publish }, env: { topicPrefix: "stufio.events" } } as unknown as Deps;
  const message: Delivered = {
    ...{ topic: "t", partition: "0", offset: "1", timestampMs: 0, key: null, value: Buffer.from("x"), headers: {} },
    inOrder: true,
  };
  const fault = { ok: false, code: "value_not_json", reason: "r", field: "value" } as const;
  await publishDeadLetters(deps, [{ message, fault }]);
  expect(sent.map(({ topic }) => topic)).toEqual(["stufio.events.delayed.dlq", "stufio.events.delayed.dlq"]);
  expect(text).toContain("`stufio.events.delayed.dlq`");
  expect(column(table("header of a dead letter")).toSorted()).toEqual(Object.keys(sent[1]?.headers ?? {}).toSorted());
});

test("the error classes match those of the bus", () => {
  expect(column(table("error class")).toSorted()).toEqual(ERROR_CLASSES.toSorted());
});

test("the health codes match the union, with their part", () => {
  expect(table("health code")).toEqual(Object.entries(HEALTH_CODES));
});

test("the tables match those that the migrations create", () => {
  const sql = readMigrations().map((migration) => migration.sql);
  const created = sql.flatMap((one) => [...one.matchAll(/CREATE TABLE IF NOT EXISTS (\w+)/g)].map(([, name]) => name));
  expect(column(table("table")).toSorted()).toEqual([...created, "schema_migrations"].toSorted());
});

test("the thresholds match the health check", () => {
  const { lateness, backlog, outboxAge, outboxWarning, skewWarning, loopFailures } = HEALTH_LIMITS;
  const seconds = (ms: number) => `${ms / 1000} s`;
  const count = (n: number) => n.toLocaleString("en");
  expect(table("measure").map((row) => row.slice(1))).toEqual([
    [seconds(lateness.warning), seconds(lateness.critical)],
    [count(backlog.warning), count(backlog.critical)],
    [seconds(outboxAge.warning), seconds(outboxAge.critical)],
    [count(outboxWarning), "none"],
    [seconds(skewWarning), "none"],
    ["none", String(loopFailures)],
  ]);
});

test("the metrics match the rendered metrics", () => {
  const folder = `${ROOT}server/services/monitoring/`;
  const sources = readdirSync(folder).filter((file) => /metrics\.ts$/.test(file));
  const source = sources
    .map((file) => readFileSync(folder + file, "utf8").replaceAll(/^\s*(\/\*\*|\*|\/\/).*$/gm, ""))
    .join("\n");
  const names = (pattern: RegExp) => [...source.matchAll(pattern)].map(([, name = ""]) => name);
  const rendered = [
    ...names(/\bgauge\(\s*"(\w+)"/g).map((name) => `stufio_schedules_${name}`),
    ...names(/name: "(stufio_\w+)"/g),
    ...COUNTERS.map((name) => `stufio_schedules_${name}_total`),
    ...Object.keys(HISTOGRAMS).map((name) => `stufio_schedules_${name}_seconds`),
  ];
  expect(column(table("metric")).toSorted()).toEqual(rendered.toSorted());
});

test("the tools for assistants match the served tools, with their rights", () => {
  const served = TOOLS.map(({ name, right, changes }) => [name, right ?? "none", changes === undefined ? "no" : "yes"]);
  expect(table("tool").map((row) => row.slice(0, 3))).toEqual(served);
});
