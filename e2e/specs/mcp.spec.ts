import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { type APIRequestContext, expect, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

/* The client of the SDK with `/mcp` of the running stack, over HTTP and over the bridge, as docs/guide/mcp.md says. */

const GUIDE = readFileSync("docs/guide/mcp.md", "utf8");
const blocks = (language: string) =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}(?: elsewhere)?\n(.*?)^\`\`\``, "gms"))].map(
    ([, text]) => text as string,
  );

interface Connection {
  type?: string;
  url?: string;
  headers?: Record<string, string>;
  command?: string;
  args?: string[];
  env?: Record<string, string>;
}

/** The configurations of the guide, with the address of the stack and a key. */
function connectionsFor(apiKey: string): Connection[] {
  const { baseURL = "" } = test.info().project.use;
  return blocks("json").map((text) => {
    const filled = text
      .replaceAll("https://schedules.example.org", baseURL)
      .replaceAll(/\$\{(env:SCHEDULES_API_KEY|SCHEDULES_API_KEY|input:schedules-key)\}|stufio_live_…/g, apiKey);
    const { mcpServers, servers } = JSON.parse(filled) as Record<string, Record<string, Connection> | undefined>;
    return (mcpServers ?? servers)?.schedules as Connection;
  });
}

function transportOf({ url, headers, command, args, env }: Connection): Transport {
  if (url !== undefined) return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  return new StdioClientTransport({ command: command as string, args, env: { ...getDefaultEnvironment(), ...env } });
}

const clients: Client[] = [];
test.afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

async function connect(connection: Connection) {
  const client = new Client({ name: "e2e-assistant", version: "1.0.0" });
  clients.push(client);
  await client.connect(transportOf(connection));
  /** Returns the result of a call; of a failed call, the error. */
  const call = async <Result = object>(name: string, input: object = {}): Promise<Result> => {
    const { isError, content, structuredContent } = await client.callTool({ name, arguments: { ...input } });
    const [{ text }] = content as [{ text: string }];
    return (isError ? JSON.parse(text) : structuredContent) as Result;
  };
  return { client, call };
}

async function keyWith(request: APIRequestContext, rights: string[]): Promise<string> {
  const { status, body } = await restClient(request).post("/admin/api-keys", {
    name: `assistant ${randomUUID()}`,
    rights,
  });
  expect(status).toBe(201);
  return body.secret;
}

const READING = ["schedules:read", "executions:read"];
const CHANGING = [...READING, "schedules:create", "schedules:toggle", "schedules:run"];

/** Creates a schedule that has a run skipped by a pause. `at`: the time of this run. */
async function skippedSchedule(request: APIRequestContext) {
  const rest = restClient(request);
  const name = `skipped ${randomUUID()}`;
  const definition = { name, topic: "assistant.e2e", cron_expression: "* * * * * *" };
  const { body } = await rest.post("/admin/schedules", definition);
  const id: string = body.schedule_id;
  const path = `/admin/schedules/${id}`;
  const toggle = async (more: object) => expect((await rest.post(`${path}/toggle`, more)).status).toBe(200);
  await toggle({ enabled: false, note: "maintenance of the consumer" });
  await expect.poll(async () => (await rest.get(`${path}/missed`)).body.missed).toBeGreaterThan(0);
  await toggle({ enabled: true, missed: "none" });
  const skipped = async () => (await rest.executions(id)).find(({ status }) => status === "skipped")?.scheduled_for;
  await expect.poll(skipped).toBeDefined();
  return { id, name, at: (await skipped()) as string };
}

test("each configuration of the guide connects, and offers what its address allows", async ({ request }) => {
  const connections = connectionsFor(await keyWith(request, CHANGING));
  expect(connections.map(({ url, command }) => (url === undefined ? command : "http"))).toEqual([
    ...["http", "http", "http", "npx", "http", "npx"],
  ]);
  for (const [index, connection] of connections.entries()) {
    const { client } = await connect(connection);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("explain_occurrence");
    expect(names.includes("pause_schedule"), `configuration ${index}`).toBe(index >= 4);
  }
});

for (const [how, reading, writing] of [
  ["over HTTP", 0, 4],
  ["over the bridge", 3, 5],
] as const) {
  test(`${how}, an assistant explains a skipped run, is refused a change, then makes it with the flag`, async ({
    request,
  }) => {
    const { id, name, at } = await skippedSchedule(request);
    const connections = connectionsFor(await keyWith(request, CHANGING));
    const readOnly = await connect(connections[reading] as Connection);
    const { tools } = await readOnly.client.listTools();
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
    expect(await readOnly.call("list_schedules", { q: name })).toMatchObject({ items: [{ schedule_id: id }] });
    const explained = await readOnly.call<{ items: object[] }>("explain_occurrence", { schedule_id: id, at });
    expect(explained.items[0]).toMatchObject({ kind: "skipped", sentence: expect.stringContaining("maintenance") });

    const pause = { schedule_id: id, note: "the assistant was asked to" };
    const refused = await readOnly.call("pause_schedule", pause);
    expect(refused).toMatchObject({ code: "forbidden", required: "allow_writes=true" });
    const withFlag = await connect(connections[writing] as Connection);
    await withFlag.client.listTools();
    expect(await withFlag.call("pause_schedule", pause)).toMatchObject({ schedule: { status: "paused" } });
    const withoutRight = await withFlag.call("replay_execution", { execution_id: id });
    expect(withoutRight).toMatchObject({ code: "forbidden", required: "executions:replay" });

    const { body } = await restClient(request).get(`/admin/schedules/${id}/activity`);
    expect(body.items[0]).toMatchObject({ verb: "schedule.pause", via: "mcp", client: "e2e-assistant 1.0.0" });
    expect(body.items[0].actor).toMatch(/^assistant /);
  });
}

test("the bridge tells the assistant why it cannot connect", async () => {
  const refused = connect(connectionsFor("stufio_live_unknown")[3] as Connection);
  await expect(refused).rejects.toThrow("Stufio Schedules answered 401: ");
});

test("an assistant creates a schedule after a dry run, and the schedule's Activity tab names the assistant", async ({
  page,
  context,
  request,
}) => {
  const { call } = await connect(connectionsFor(await keyWith(request, CHANGING))[4] as Connection);
  const definition = {
    name: `made ${randomUUID()}`,
    topic: "assistant.e2e",
    cron_expression: "0 3 * * *",
    max_runs: 2,
  };
  const dry = await call<{ confirmation: string }>("create_schedule", definition);
  expect(dry).toMatchObject({ dry_run: true, preview: { runs_in_next_week: 2 } });
  const confirmed = { ...definition, dry_run: false, confirmation: dry.confirmation };
  const made = await call<{ schedule: { schedule_id: string } }>("create_schedule", confirmed);
  expect(made).toMatchObject({ created: true });
  expect(await call("create_schedule", confirmed)).toMatchObject({ schedule: made.schedule, created: false });
  await signInByApi(context);
  await page.goto(`/schedules/${made.schedule.schedule_id}?tab=activity`);
  await expect(page.getByRole("row", { name: /Created schedule/ })).toContainText("Assistant (e2e-assistant 1.0.0)");
});

test("the commands of the guide run", async () => {
  const [createKey, callHealth] = blocks("bash") as [string, string];
  const run = async (script: string, apiKey: string) => {
    const env = {
      ...process.env,
      ...{ SCHEDULES_URL: test.info().project.use.baseURL, SCHEDULES_API_KEY: apiKey },
      ADMIN_API_KEY: process.env.E2E_API_KEY,
    };
    const { stdout } = await promisify(execFile)("bash", ["-ec", script], { env });
    return JSON.parse(stdout);
  };
  const { secret } = await run(createKey, "");
  expect((await run(callHealth, secret)).result.structuredContent).toMatchObject({ status: /healthy|degraded/ });
  expect(blocks("bash")).toHaveLength(2);
});
