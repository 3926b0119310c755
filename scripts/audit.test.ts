import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

/* npm asks a registry on loopback, which has an advisory for the package `zod`. */
const SCRIPT = fileURLToPath(new URL("./audit.mjs", import.meta.url));
let registry: Server;
let cache: string;
// npm caches advisories, so each test has its own cache.
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "audit-"));
});
afterEach(() => {
  registry.close();
  rmSync(cache, { recursive: true, force: true });
});

async function audit(status: number, severity?: string): Promise<{ code: number; output: string }> {
  const finding = {
    id: 1,
    url: "https://advisories.example/1",
    title: "A known fault",
    severity,
    vulnerable_versions: "<99.0.0",
    cwe: [],
    cvss: { score: 0, vectorString: null },
  };
  registry = createServer((request, response) => {
    request.resume();
    const isAudit = request.url?.includes("/security/advisories/bulk");
    response.writeHead(isAudit ? status : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isAudit && severity ? { zod: [finding] } : {}));
  });
  registry.listen(0, "127.0.0.1");
  await once(registry, "listening");
  const { port } = registry.address() as AddressInfo;
  const options = ["--registry", `http://127.0.0.1:${port}`, "--fetch-retries=0", "--cache", cache];
  const child = spawn(process.execPath, [SCRIPT, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { code: code as number, output };
}

test.each(["high", "critical"])("the check fails on a finding of severity %s and prints it", async (severity) => {
  const { code, output } = await audit(200, severity);
  expect(output).toContain(`${severity} zod: A known fault (https://advisories.example/1)`);
  expect(code).toBe(1);
});

test.each(["moderate", undefined])("the check passes if the highest severity is %s", async (severity) => {
  expect(await audit(200, severity)).toMatchObject({ code: 0, output: expect.stringContaining("0 packages") });
});

test("the check reports a registry without an audit endpoint, and passes", async () => {
  const { code, output } = await audit(405);
  expect(output).toContain("not checked, because the registry's audit endpoint failed: 405");
  expect(code).toBe(0);
});
