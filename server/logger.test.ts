import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const LOGGER = fileURLToPath(new URL("./logger.ts", import.meta.url));

/** The output of a process that logs `text` in an error, a field and a message. */
function logged(text: string, env: Record<string, string> = {}): string {
  const script = `
    import { createLogger } from ${JSON.stringify(LOGGER)};
    const text = ${JSON.stringify(text)};
    const log = createLogger({ name: "test" });
    log.error({ error: new Error("failed: " + text, { cause: new Error(text) }), nested: { list: [text] } }, "cannot " + text);
  `;
  const args = ["--import", "tsx", "--input-type=module", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, ...env } });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout).msg).toMatch(/^cannot /);
  return stdout;
}

it.each([
  ["as it is", "canary-Secret.1(", "canary-Secret.1("],
  ["with characters that JSON escapes", 'canary"\\secret', "canary"],
  ["in a URL", "redis://:pa%C3%9Fword%2F@host", "pa%C3%9Fword"],
])("redacts a secret of the environment in every part of a line: %s", (_, text, canary) => {
  const output = logged(text, {
    KAFKA_SASL_PASSWORD: "canary-Secret.1(",
    AUTH_SECRET: 'canary"\\secret',
    REDIS_PASSWORD: "paßword/",
  });
  expect(output).not.toContain(canary);
  expect(output).toContain("[redacted]");
});

it.each([
  "stufio_live_AAAABBBBCCCCDDDDEEEEFFFF",
  "sfs_AAAABBBBCCCCDDDDEEEEFFFF",
  "Authorization: Bearer AAAABBBBCCCCDDDD",
  "Basic AAAABBBBCCCCDDDD==",
  "http://default:AAAABBBBCCCCDDDD@127.0.0.1:8123/",
])("redacts text that looks like a credential: %s", (text) => {
  const output = logged(text);
  expect(output).not.toContain("AAAABBBB");
  expect(output).toContain("[redacted]");
});

it("does not change ordinary text", () => {
  const text =
    "schedule 0190a5c0-0000-7000-8000-000000000001 at http://127.0.0.1:8123/x?y=a@b failed: Bearer token missing";
  expect(
    logged(text, { REDIS_PASSWORD: "at", CLICKHOUSE_URL: "http://127.0.0.1:8123", KAFKA_SASL_PASSWORD: "" }),
  ).toContain(`"msg":"cannot ${text}"`);
});
