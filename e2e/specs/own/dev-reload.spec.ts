import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { startOwnStack } from "../../parts/own-stack";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Files that are not copied. Other specs install and build the clients meanwhile. */
const LEFT_OUT = new Set([
  ".git",
  ".next",
  ".data",
  ".env",
  "node_modules",
  "dist",
  "test-results",
  "playwright-report",
]);

test("npm run dev applies an edit of a route and of the worker without a restart", async () => {
  test.setTimeout(300_000);
  // The edits are made in a copy of the project.
  const root = mkdtempSync(join(tmpdir(), "stufio-dev-"));
  for (const name of readdirSync(ROOT)) {
    const filter = (path: string) => !LEFT_OUT.has(basename(path));
    if (filter(name)) cpSync(join(ROOT, name), join(root, name), { recursive: true, filter });
  }
  // Hard links are fast, but need the same file system.
  const link = spawnSync("cp", ["-al", join(ROOT, "node_modules"), join(root, "node_modules")]);
  if (link.status !== 0) spawnSync("cp", ["-a", join(ROOT, "node_modules"), root]);
  const stack = await startOwnStack({ args: ["--dev"], root });
  try {
    await stack.printed(/Ready: /);
    const answer = () => fetch(`${stack.address}/api/live`).then((response) => response.json());
    expect(await answer()).toEqual({ status: "alive" });
    const edit = (path: string, before: string, after: string) => {
      const text = readFileSync(join(root, path), "utf8");
      expect(text).toContain(before);
      writeFileSync(join(root, path), text.replace(before, after));
    };
    edit("server/rest/routes/health.ts", '{ status: "alive" }', '{ status: "edited" }');
    await expect.poll(answer, { timeout: 60_000 }).toEqual({ status: "edited" });
    edit("worker/main.ts", '"worker started"', '"worker started anew"');
    await stack.printed(/worker started anew/);
    expect(stack.output()).not.toContain("web ended");
  } finally {
    await stack.stop();
    rmSync(root, { recursive: true, force: true });
  }
});
