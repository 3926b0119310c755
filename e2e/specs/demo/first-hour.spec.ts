import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import { test } from "../../parts/demo-stack";
import type { OwnStack } from "../../parts/own-stack";

/* Runs the commands of the README. This spec runs before the others on its stack. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const README = readFileSync(`${ROOT}README.md`, "utf8");
test.describe.configure({ mode: "serial", timeout: 300_000 });

let stack: OwnStack;
test.beforeAll(({ stack: shared }) => {
  stack = shared;
});

/** Runs shell commands in the environment of the stack. */
async function shell(script: string): Promise<{ code: number; output: string }> {
  const child = spawn("bash", ["-euc", script], { cwd: ROOT, env: stack.env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const [code] = await once(child, "exit");
  return { code, output };
}

/** The printed line that exports the API key. `false` makes the script fail. */
const exportKey = () => /API key: (export ADMIN_API_KEY=.*)/.exec(stack.output())?.[1] ?? "false";

test("a demo start logs no loss of Redis", async () => {
  await stack.printed(/loaded the seeded schedules/);
  expect(stack.output()).not.toContain("Redis was empty");
});

test("README's curl creates a schedule, and the next command reads its event", async () => {
  const block = /```bash\n(export ADMIN_API_KEY[\s\S]*?)```/.exec(README)?.[1] ?? "";
  const [exportLine = "", ...rest] = block.trim().split("\n");
  expect(exportLine).toBe('export ADMIN_API_KEY="$(cat .data/api-key)"');
  const events = rest.pop() ?? "";
  expect(events).toBe("npm run events -- --topic reports --follow");
  const curl = rest.join("\n").replace("http://127.0.0.1:3000", stack.address);
  const sent = /"payload": (\{[^}]*\})/.exec(curl)?.[1] ?? "README has no payload";
  const created = await shell(`${exportKey()}\n${curl}`);
  expect(created.output).toContain('"name":"Minute report"');
  await expect
    .poll(() => shell(events.replace(" --follow", "")).then(({ output }) => output), { timeout: 90_000 })
    .toContain(`"payload":${sent}`);
});

test("npm run smoke passes with the printed key", async () => {
  const { code, output } = await shell(`${exportKey()}\nBASE_URL=${stack.address} npm run -s smoke`);
  expect(output).toContain("All checks passed.");
  expect(code).toBe(0);
});

test("a delayed message with the two headers of the README is delivered", async () => {
  const script = `
    password="$(cat "$DATA_DIR/redis.password")"
    REDISCLI_AUTH="$password" redis-cli -p "$(cat "$DATA_DIR/redis.port")" XADD stufio:bus:stufio.events.delayed '*' \
      key k value '{"hello": 1.0}' headers '{"delivery_time": "2026-01-01T00:00:00Z", "original_topic": "greetings"}'
    `.replace("2026-01-01T00:00:00Z", new Date(Date.now() + 1000).toISOString());
  expect((await shell(script)).code).toBe(0);
  await expect
    .poll(() => shell("npm run -s events -- --topic greetings").then(({ output }) => output), { timeout: 30_000 })
    .toContain('"value":{"hello": 1.0}');
});

test("the printed address of ClickHouse works with the password in the printed file", async () => {
  const [, url = "", file = ""] =
    /ClickHouse {2}(http:\S+), user default, password in (\S+)/.exec(stack.output()) ?? [];
  const { output } = await shell(`curl -s -u "default:$(cat "${file}")" "${url}/?query=SELECT+40%2B2"`);
  expect(output).toBe("42\n");
});
