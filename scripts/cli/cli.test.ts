import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { freePort } from "~/server/testing/services/free-port";
import { eventLine } from "./event-line";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

function run(script: string, args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", `scripts/${script}.ts`, ...args], {
    cwd: ROOT,
    env: { ...process.env, BASE_URL: "", ADMIN_API_KEY: "k".repeat(32), ...env },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

it.each([
  ["events", "--topics"],
  ["smoke", "--bogus"],
])("npm run %s -- %s shows the usage and exits with 2", (script, argument) => {
  const { status, stderr } = run(script, [argument]);
  expect(stderr).toMatch(new RegExp(`^Unknown option '${argument}'\nUsage: npm run ${script} `));
  const hasStackTrace = /^\s+at /m.test(stderr);
  expect({ status, hasStackTrace }).toEqual({ status: 2, hasStackTrace: false });
});

const NO_KAFKA = { TEST_KAFKA_MISSING: "java is not installed" };
const KAFKA_IS_NEEDED = "Kafka is needed, but cannot be started: java is not installed";
it.each([
  ["faults", "--bus foo", '--bus must be kafka or redis, got "foo"'],
  ["faults", "--bus redis --redis cluster", "--redis cluster needs Kafka, but the bus is Redis Streams"],
  ["faults", "--scenario kafka-away --bus redis", '--scenario kafka-away needs --bus kafka, got "redis"'],
  ["faults", "--redis cluster", KAFKA_IS_NEEDED],
  ["fuzz", "--bus redis,kafka", '--bus must be redis or kafka, got "redis,kafka"'],
  ["fuzz", "--bus kafka", KAFKA_IS_NEEDED],
])("npm run %s -- %s without Kafka is refused with exit code 2: %s", (script, options, message) => {
  expect(run(script, options.split(" "), NO_KAFKA)).toEqual({ status: 2, stdout: "", stderr: `${message}\n` });
});

it("npm run smoke uses PORT, and its error names the address and BASE_URL if nothing answers", async () => {
  const port = await freePort();
  const { status, stdout, stderr } = run("smoke", [], { PORT: String(port) });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(
    new RegExp(`^Nothing answers at http://127\\.0\\.0\\.1:${port}: connect ECONNREFUSED.*BASE_URL=[^\n]*\n$`),
  );
});

describe("an event's line", () => {
  it.each([
    ["a number beyond 2^53", '{"n": 1970670598291982290}', '{"n": 1970670598291982290}'],
    ["1.0 and a repeated key", '{"a":1.0,"a":2}', '{"a":1.0,"a":2}'],
    ["JSON of several lines", '{\n  "a": "x\\ny"\n}\n', '{ "a": "x\\ny" }'],
    ["text that is not JSON", 'a "b"\n', JSON.stringify('a "b"\n')],
    ["no value", undefined, "null"],
  ])("shows %s", (_, value, shown) => {
    const line = eventLine({ id: "1-0", key: "k", headers: '{"a":"b"}', value });
    expect(line).toBe(`{"id":"1-0","key":"k","headers":{"a":"b"},"value":${shown}}`);
    expect(() => JSON.parse(line)).not.toThrow();
  });
});
