import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { RIGHTS } from "~/server/domain/rights";
import type { Method } from "~/server/rest/handler";
import { adminAlias } from "~/server/rest/routes/admin-table";
import { createApiKey } from "~/server/services/access";
import { patchSchedule } from "~/server/services/schedules";
import { ADMIN } from "~/server/testing/access-deps";
import { markFilled } from "~/server/testing/mark-filled";
import { keepRecording } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { run } from "../run.js";
import { testIo } from "../testing/io.js";

/* The commands against the routes of the server, over HTTP. */

let stack: TestStack;
let server: Server;
let recording: ReturnType<typeof keepRecording>;
let env: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), "stufio-commands-"));
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  stack = await startTestStack();
  await markFilled(stack.deps.hot);
  recording = keepRecording(stack.deps);
  container.open = async () => ({ deps: stack.deps });
  const { secret } = await createApiKey({
    ctx: { ...stack.ctx, principal: ADMIN },
    input: { name: "cli", rights: [...RIGHTS] },
  });
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = request.method as Method;
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const sent = new Request(url, {
      method,
      headers: request.headers as Record<string, string>,
      body: method === "GET" ? undefined : Buffer.concat(chunks),
    });
    const path = url.pathname.replace("/admin/", "").split("/");
    const answer = await adminAlias[method](sent, { params: Promise.resolve({ path }) });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  env = { SCHEDULES_URL: `http://127.0.0.1:${port}`, SCHEDULES_API_KEY: secret };
}, 120_000);
afterAll(async () => {
  server?.close();
  await recording?.stop();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function cli(argv: readonly string[], over: { input?: string; answers?: string[] } = {}) {
  const io = testIo({ env, ...over });
  const code = await run(argv, io);
  return { code, out: io.out(), err: io.err() };
}
function fileOf(name: string, document: object): string {
  const path = join(folder, name);
  writeFileSync(path, stringify(document));
  return path;
}
const entry = (name: string, over: object = {}) => ({
  ...{ name, topic: "billing.events", entity_type: "invoice", action: "send" },
  ...{ cron_expression: "0 9 * * 1-5", timezone: "Europe/Berlin", payload: { n: 1.5, big: "9007199254740993" } },
  ...over,
});

it("1,000 schedules are applied from YAML in seconds, a second apply changes nothing, and drift is found", async () => {
  const schedules = Array.from({ length: 1000 }, (_, i) => entry(`job ${i}`, { description: `number ${i}` }));
  const file = fileOf("thousand.yaml", { version: 1, owner: "thousand", schedules });
  const startedAt = performance.now();
  const applied = await cli(["schedules", "apply", file]);
  const ms = Math.round(performance.now() - startedAt);
  console.log(`schedules apply of 1,000 schedules from YAML: ${ms} ms`);
  expect(applied).toMatchObject({ code: 0, err: "" });
  expect(applied.out).toContain("thousand: 1000 to add, 0 to change, 0 not in the document, 0 unchanged");
  expect(applied.out).toContain("Applied: 1000 added, 0 changed, 0 removed");
  // About 2 s on an idle machine.
  expect(ms).toBeLessThan(20_000);

  const again = await cli(["schedules", "apply", file]);
  expect(again).toEqual({
    ...{ code: 0, err: "" },
    out: "thousand: 0 to add, 0 to change, 0 not in the document, 1000 unchanged\n",
  });
  expect((await cli(["schedules", "diff", file, "--check"])).code).toBe(0);

  stack.change({ refuseCodeEdits: false });
  const [scheduleId] = await stack.deps.hot.nameHolders(["job 7"]);
  await patchSchedule({
    ctx: stack.ctx,
    input: { scheduleId: scheduleId as string, patch: { cronExpression: "0 9 * * *" } },
  });
  const drifted = await cli(["schedules", "diff", file, "--check"]);
  expect(drifted.code).toBe(2);
  expect(drifted.out).toMatch(
    /^~ job 7 \(edited outside of the document\)\n {4}cron_expression: "0 9 \* \* \*" -> "0 9 \* \* 1-5"\n/,
  );
  expect(drifted.out).toMatch(/2 runs fewer in the next 7 days; next run /);
  expect((await cli(["schedules", "apply", file, "--check"])).code).toBe(2);
  expect((await cli(["schedules", "apply", file])).out).toContain("Applied: 0 added, 1 changed, 0 removed");
  expect((await cli(["schedules", "diff", file, "--check"])).code).toBe(0);
}, 120_000);

it("`export | apply` changes nothing, and a second export is the same", async () => {
  const schedules = [
    entry("fixed a"),
    entry("fixed b", { cron_expression: "*/5 * * * *", enabled: false, tags: ["x"] }),
  ];
  await cli(["schedules", "apply", fileOf("fixed.yaml", { owner: "fixed", schedules })]);
  const { code, out } = await cli(["schedules", "export", "--owner", "fixed"]);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^# yaml-language-server: \$schema=http:.*\/api\/v1\/schedules\.schema\.json\nversion: 1\nowner: fixed\n/,
  );
  const applied = await cli(["schedules", "apply", "-", "--prune"], { input: out });
  expect(applied).toMatchObject({ code: 0, out: "fixed: 0 to add, 0 to change, 0 to remove, 2 unchanged\n" });
  expect((await cli(["schedules", "export", "--owner", "fixed"])).out).toBe(out);
  const json = await cli(["schedules", "export", "--owner", "fixed", "-o", "json"]);
  expect((await cli(["schedules", "diff", "-", "--check"], { input: json.out })).code).toBe(0);
});

it("an error names file, line, path and the expected value, and nothing is changed", async () => {
  const schedules = [entry("invalid a"), entry("invalid b", { cron_expression: "61 * * * *" })];
  const file = fileOf("invalid.yaml", { owner: "invalid", schedules });
  const { code, err } = await cli(["schedules", "apply", file]);
  expect(code).toBe(1);
  expect(err).toMatch(/invalid\.yaml:\d+:22 schedules\[1\]\.cron_expression +.*61 .*\(expected: 0-59/);
  expect((await cli(["schedules", "export", "--owner", "invalid"])).out).toContain("schedules: []");
});

it("an empty document removes all only with --prune, and after a question", async () => {
  await cli(["schedules", "apply", fileOf("all.yaml", { owner: "all", schedules: [entry("all a")] })]);
  const none = fileOf("none.yaml", { owner: "all", schedules: [] });
  const apply = ["schedules", "apply", none];
  expect(await cli(apply)).toMatchObject({ code: 0, out: expect.stringContaining("kept: removals need --prune") });
  expect(await cli([...apply, "--prune"])).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
  expect((await cli([...apply, "--prune"], { answers: ["n"] })).code).toBe(1);
  expect((await cli(["schedules", "export", "--owner", "all"])).out).toContain("all a");
  const removed = await cli([...apply, "--prune"], { answers: ["y"] });
  expect(removed).toMatchObject({ code: 0, out: expect.stringContaining("Applied: 0 added, 0 changed, 1 removed") });
});

it("an imported crontab is a document that apply accepts", async () => {
  const crontab = fileURLToPath(new URL("../import/testdata/crontab.txt", import.meta.url));
  const imported = await cli(["import", "crontab", crontab, "--owner", "ops", "--timezone", "Europe/Berlin"]);
  expect(imported.code).toBe(0);
  expect(imported.out).toBe(readFileSync(crontab.replace(".txt", ".yaml"), "utf8"));
  expect(imported.err).toContain("25 imported");
  const applied = await cli(["schedules", "apply", "-"], { input: imported.out });
  expect(applied).toMatchObject({ code: 0, out: expect.stringContaining("Applied: 25 added") });
});
