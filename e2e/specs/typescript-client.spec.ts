import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { buildTypeScriptClient, TYPESCRIPT_CLIENT as CLIENT, npm, pack, run } from "../parts/packages";

/* The packed TypeScript client, installed in an empty folder, against the running stack. */
test.describe.configure({ timeout: 300_000 });

let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stufio-client-"));
  await buildTypeScriptClient();
  const filename = await pack("typescript", folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  await npm(folder, "install", `./${filename}`);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script in the folder, with the address and the key of the stack. */
async function output(script: string): Promise<string[]> {
  const env = {
    ...process.env,
    SCHEDULES_URL: test.info().project.use.baseURL,
    SCHEDULES_API_KEY: process.env.E2E_API_KEY,
    // Playwright sets it, and Node would colour the output.
    FORCE_COLOR: "0",
  };
  const { stdout } = await run(process.execPath, [script], { cwd: folder, env });
  return stdout.trim().split("\n");
}

test("its types are those of the running stack", async ({ request }) => {
  const document = join(folder, "openapi.json");
  writeFileSync(document, await (await request.get("/api/v1/openapi.json")).text());
  await npm(CLIENT, "exec", "--", "openapi-typescript", document, "--output", join(folder, "schema.ts"));
  const read = (file: string) => readFileSync(file, "utf8");
  // After a change: npm run openapi, then npm run schema in clients/typescript.
  expect(read(join(CLIENT, "src/schema.ts")) === read(join(folder, "schema.ts"))).toBe(true);
});

test("the quick start schedules, lists, runs and cancels an event", async () => {
  copyFileSync(join(CLIENT, "examples/quick-start.mjs"), join(folder, "quick-start.mjs"));
  const lines = await output("quick-start.mjs");
  const id = /^scheduled (\S+)$/.exec(lines[0] ?? "")?.[1];
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(new RegExp(`^listed ${id} \\d{4}-`)),
    "ran succeeded attempts 1",
    "cancelled true false",
  ]);
});

test("CommonJS code gets typed errors", async () => {
  writeFileSync(
    join(folder, "errors.cjs"),
    `const { createSchedulesClient, SchedulesError } = require("@stufio/schedules-client");
     const url = process.env.SCHEDULES_URL;
     const failed = (call) => call.catch((error) => console.log(error instanceof SchedulesError, error.code, error.faults.map((one) => one.field).join()));
     (async () => {
       const client = createSchedulesClient({ url, apiKey: process.env.SCHEDULES_API_KEY });
       await failed(client.schedules.create({ topic: "a", cron_expression: "61 * * * *" }));
       await failed(client.schedules.get("0190f3a0-0000-7000-8000-000000000000"));
       await failed(createSchedulesClient({ url, apiKey: "wrong" }).getStats());
       await failed(createSchedulesClient({ url: "http://127.0.0.1:9", apiKey: "a", retries: 1, retryDelayMs: 1 }).getStats());
     })();`,
  );
  expect(await output("errors.cjs")).toEqual([
    "true cron_invalid cron_expression",
    "true not_found ",
    "true unauthenticated ",
    "true connection",
  ]);
});

test("its test kit fires at the right times on both weekends with a clock change, without a server", async () => {
  const check = (weekend: string, times: string[]) => `
    const scheduler = createTestScheduler({ now: "${weekend}T12:00:00Z" });
    await scheduler.schedules.create({ topic: "reports", cron_expression: "30 2 * * *", timezone: "Europe/Berlin" });
    scheduler.runUntil(() => scheduler.fired().length === 2);
    scheduler.expectFired(${JSON.stringify(times)});`;
  const spring = check("2027-03-27", ["2027-03-28T03:00:00+02:00", "2027-03-29T02:30:00+02:00"]);
  const autumn = check("2027-10-30", ["2027-10-31T02:30:00+02:00", "2027-11-01T02:30:00+01:00"]);
  const wrong = `await createTestScheduler().schedules.create({ topic: "a", cron_expression: "61 * * * *" })
    .catch((error) => console.log(error instanceof SchedulesError, error.faults[0].field));`;
  const body = `{${spring}} {${autumn}} ${wrong}`;
  const from = [
    ["createTestScheduler", "@stufio/schedules-client/testing"],
    ["SchedulesError", "@stufio/schedules-client"],
  ];
  const esm = from.map(([what, file]) => `import { ${what} } from "${file}";`).join("\n");
  const cjs = from.map(([what, file]) => `const { ${what} } = require("${file}");`).join("\n");
  writeFileSync(join(folder, "kit.mts"), `${esm}\n${body.replace("(error)", "(error: SchedulesError)")}`);
  writeFileSync(join(folder, "kit.mjs"), `${esm}\n${body}`);
  writeFileSync(join(folder, "kit.cjs"), `${cjs}\n(async () => { ${body} })();`);
  expect(await output("kit.mjs")).toEqual(["true cron_expression"]);
  expect(await output("kit.cjs")).toEqual(["true cron_expression"]);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "ES2022", "--module", "NodeNext"];
  await run(join(CLIENT, "node_modules/.bin/tsc"), [...options, "kit.mts"], { cwd: folder }).catch((error) => {
    throw new Error(error.stdout);
  });
});
