import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { pythonTypes } from "../../scripts/openapi/python-types";
import { createPython, type Python } from "../parts/python";

/* The wheel of the Python client, in a fresh virtual environment, against the running stack. */
test.describe.configure({ timeout: 300_000 });

const CLIENT = fileURLToPath(new URL("../../clients/python", import.meta.url));
let folder: string;
let run: Python;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stufio-python-"));
  run = await createPython(folder);
  await run(["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, CLIENT]);
  const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
  await run(["-m", "pip", "install", "--quiet", `${join(folder, wheel ?? "no wheel")}[test]`]);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the environment's Python with the address and the key of the stack. Returns what it printed. */
const python = (...args: string[]) =>
  run(args, {
    SCHEDULES_URL: test.info().project.use.baseURL ?? "",
    SCHEDULES_API_KEY: process.env.E2E_API_KEY ?? "",
  });

/** Runs a test file of the client. Returns the last line, such as "12 passed in 0.3s". */
async function pytest(file: string): Promise<string> {
  const options = ["-q", "--color=no", "-p", "no:cacheprovider", "--rootdir", join(CLIENT, "tests")];
  const printed = await python("-m", "pytest", ...options, join(CLIENT, "tests", file));
  return printed.trim().split("\n").at(-1) ?? "";
}

test("its types are those of the running stack", async ({ request }) => {
  const document = await (await request.get("/api/v1/openapi.json")).json();
  const stored = readFileSync(join(CLIENT, "src/stufio_schedules/types.py"), "utf8");
  // After a change: npm run openapi.
  expect(pythonTypes(document)).toBe(stored);
});

test("the blocks of its README run as printed, also those for the original module", async () => {
  expect(await pytest("test_readme.py")).toMatch(/^\d+ passed/);
});

test("it passes the conformance cases", async () => {
  expect(await pytest("test_conformance.py")).toMatch(/^\d{3} passed/);
});

test("it refuses values that it cannot send, and works in several event loops", async () => {
  expect(await pytest("test_client.py")).toMatch(/^\d+ passed/);
});
