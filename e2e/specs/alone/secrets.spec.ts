import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { embeddedRedisUrl } from "../../../scripts/start/services.mjs";
import { NODE_ARGS } from "../../../server/node-args.mjs";
import { freePort } from "../../../server/testing/services/free-port";
import { JSON_HEADERS, signIn } from "../../parts/callers";
import { type OwnStack, startOwnStack } from "../../parts/own-stack";
import { type Answered, cookiesOf, type RawHttp, rawHttp } from "../../parts/raw-http";
import { clickhouseOf } from "../../parts/stack-clickhouse";

/* Plants secrets in a stack that logs at the most detailed level, and searches all of its output for them. */
test.describe.configure({ timeout: 600_000 });

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const secret = (name: string) => `canary-${name}-${randomBytes(18).toString("base64url")}`;
const GIVEN = {
  ADMIN_PASSWORD: secret("password"),
  ADMIN_API_KEY: secret("api-key"),
  PAYLOAD_ENCRYPTION_KEYS: `canary:${randomBytes(32).toString("base64")}`,
  SETUP_TOKEN: secret("setup-token"),
  AUTH_SECRET: secret("auth-secret"),
};
const ADMIN_EMAIL = "canary@example.org";
const PAGES =
  "/ /schedules /schedules/new /executions /dead-letters /upcoming /analytics /audit /bulk /account /wall /system /system/topics /settings /settings/users /settings/roles /settings/topics /settings/api-keys /login /setup /missing";
const EXPORTS =
  "/admin/schedules/export /admin/schedules/upcoming/export /admin/schedules/bulk/export /admin/executions/export /admin/executions/in-flight/export /admin/executions/failures/export?from=2020-01-01T00:00:00Z /admin/audit/export?from=2020-01-01T00:00:00Z";
const READS =
  "/admin/api-keys /admin/audit?from=2020-01-01T00:00:00Z /admin/schedules /admin/quarantine /api/setup-status /api/v1/schedules/monitoring/metrics /api/v1/schedules/monitoring/health /api/v1/schedules/monitoring/stats /api/trpc/access.users /api/trpc/access.sessions /api/trpc/settings.list";

let stack: OwnStack;
let http: RawHttp;
/** Name → secret. Generated secrets are added during the tests. */
const secrets = new Map<string, string>(Object.entries(GIVEN));
secrets.set("key of payloads", GIVEN.PAYLOAD_ENCRYPTION_KEYS.slice("canary:".length));

test.beforeAll(async () => {
  test.setTimeout(600_000);
  stack = await startOwnStack({ env: { ...GIVEN, ADMIN_EMAIL, LOG_LEVEL: "trace", TRUSTED_PROXIES: "127.0.0.1" } });
  await stack.printed(/Ready: /);
  http = rawHttp(stack.address);
  for (const store of ["redis", "clickhouse"]) {
    secrets.set(`${store} password`, readFileSync(join(stack.dataDir, `${store}.password`), "utf8").trim());
  }
});
test.afterAll(() => stack?.stop());

/** Fails if the text contains a secret, unchanged, in base64 or encoded for a URL. */
function expectNoSecret(what: string, content: string): void {
  for (const [name, value] of secrets) {
    const forms = [value, encodeURIComponent(value), Buffer.from(value).toString("base64").replace(/=+$/, "")];
    for (const form of forms) expect(content.includes(form), `${what} has the secret "${name}"`).toBe(false);
  }
}

async function trpc<T>(procedure: string, input: unknown, headers: Record<string, string>): Promise<T> {
  const answer = await http.send({
    method: "POST",
    path: `/api/trpc/${procedure}`,
    headers: { ...JSON_HEADERS, origin: http.address, ...headers },
    body: JSON.stringify(input),
  });
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text).result.data as T;
}

/** Runs a worker with additional variables until it ends, or logs a warning or an error. Returns its output. */
async function workerOutput(more: Record<string, string>): Promise<string> {
  const { host, password } = clickhouseOf(stack);
  const env = {
    ...stack.env,
    NODE_ENV: "production",
    REDIS_URL: embeddedRedisUrl(stack.dataDir),
    CLICKHOUSE_URL: `http://default:${password}@${host}`,
    WORKER_PORT: "0",
    ...more,
  } as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [...NODE_ARGS, "--import", "tsx", "worker/main.ts"], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let output = "";
  const logsError = new Promise<void>((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
        if (/"level":50|"level":40/.test(output)) done();
      });
    }
  });
  await Promise.race([exited, logsError]);
  child.kill("SIGTERM");
  await exited;
  return output;
}

test("canary secrets are in no log line, metric, page or export", async () => {
  const answers: Answered[] = [];
  const get = async (path: string, headers: Record<string, string>) => {
    const answer = await http.send({ path, headers });
    answers.push(answer);
    return answer;
  };
  const wrongPassword = secret("wrong-password");
  secrets.set("wrong password", wrongPassword);
  answers.push(await signIn(http, { email: ADMIN_EMAIL, password: wrongPassword }));
  const signedIn = await signIn(http, { email: ADMIN_EMAIL, password: GIVEN.ADMIN_PASSWORD });
  expect(signedIn.status, signedIn.text).toBe(200);
  answers.push({ ...signedIn, headers: {} });
  const cookie = cookiesOf(signedIn);
  for (const pair of cookie.split("; ")) secrets.set(pair.split("=")[0] as string, pair.slice(pair.indexOf("=") + 1));
  const token = decodeURIComponent(/stufio_session=([^;.]+)/.exec(cookie)?.[1] ?? "");
  expect(token.length).toBeGreaterThan(20);
  secrets.set("session token", token);

  const session = { cookie };
  const setupToken = { "x-setup-token": GIVEN.SETUP_TOKEN };
  const bearer = { authorization: `Bearer ${GIVEN.ADMIN_API_KEY}` };
  const made = await trpc<{ secret: string; keyId: string }>(
    "access.createApiKey",
    { name: "canary key", rights: ["read", "write"] },
    session,
  );
  secrets.set("API key", made.secret);
  const rotated = await http.send({
    method: "POST",
    path: `/admin/api-keys/${made.keyId}/rotate`,
    headers: { ...JSON_HEADERS, ...bearer },
    body: "{}",
  });
  expect(rotated.status, rotated.text).toBe(201);
  secrets.set("rotated API key", JSON.parse(rotated.text).secret);
  const newUser = { email: "b@example.org", name: "B", role: "viewer", password: secret("user-password") };
  secrets.set("password of a user", newUser.password);
  await trpc("access.createUser", newUser, session);

  // Refused calls are logged.
  const narrow = await trpc<{ secret: string; keyId: string }>(
    "access.createApiKey",
    { name: "narrow key", rights: ["schedules:read"] },
    session,
  );
  secrets.set("narrow API key", narrow.secret);
  const narrowBearer = { authorization: `Bearer ${narrow.secret}` };
  const probes = [
    { method: "DELETE", path: `/admin/api-keys/${made.keyId}` },
    { method: "POST", path: "/api/trpc/access.createUser", body: JSON.stringify(newUser) },
  ];
  for (const probe of probes) {
    const refused = await http.send({ ...probe, headers: { ...JSON_HEADERS, ...narrowBearer } });
    expect(refused.status, refused.text).toBe(403);
    answers.push(refused);
  }

  const unknownKey = `stufio_live_${randomBytes(32).toString("base64url")}`;
  secrets.set("unknown key", unknownKey);
  await get("/admin/schedules", { authorization: `Bearer ${unknownKey}` });
  await get("/admin/schedules", { authorization: `Basic ${Buffer.from(`a:${wrongPassword}`).toString("base64")}` });
  for (const body of [`{"email":"${ADMIN_EMAIL}","password":"${wrongPassword}"`, `{"password":["${wrongPassword}"]}`]) {
    const sent = { method: "POST", headers: { ...JSON_HEADERS, origin: http.address }, body };
    answers.push(await http.send({ ...sent, path: "/api/auth/sign-in" }));
    answers.push(await http.send({ ...sent, path: "/api/auth/setup" }));
  }
  const card = secret("masked-payload");
  secrets.set("masked value of a payload", card);
  const rule = { topic: "e2e.a", paths: ["$.card"], patterns: [], encrypt: true };
  await trpc("protection.save", rule, session);
  const created = await http.send({
    method: "POST",
    path: "/admin/schedules",
    headers: { ...JSON_HEADERS, authorization: `Bearer ${made.secret}` },
    body: JSON.stringify({
      name: "visible marker",
      topic: "e2e.a",
      entity_type: "a",
      action: "b",
      cron_expression: "0 0 1 1 *",
      payload: { card },
    }),
  });
  expect(created.status, created.text).toBe(201);
  answers.push(created);

  const { schedule_id: scheduleId } = JSON.parse(created.text);
  const run = await http.send({
    method: "POST",
    path: `/admin/schedules/${scheduleId}/execute`,
    headers: { ...JSON_HEADERS, ...bearer },
    body: "{}",
  });
  const { execution_id: executionId } = JSON.parse(run.text);
  const ofSchedule = ["", "?tab=payload", "?tab=versions", "/edit", "/duplicate"];
  const pages = [...ofSchedule.map((rest) => `/schedules/${scheduleId}${rest}`), `/executions/${executionId}`];
  for (const path of [...PAGES.split(" "), ...pages]) {
    const page = await get(path, session);
    expect(page.headers["cache-control"], page.what).toContain("no-store");
    expect(page.headers["content-type"] ?? "", page.what).toMatch(/^(text\/html; charset=utf-8)?$/);
  }
  for (const path of READS.split(" ")) {
    const headers = path.startsWith("/api/trpc/") ? session : path.includes("setup") ? setupToken : bearer;
    const answer = await get(path, headers);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers["cache-control"], answer.what).toContain("no-store");
  }
  for (const path of EXPORTS.split(" ")) {
    for (const format of ["csv", "ndjson"]) {
      const answer = await get(`${path}${path.includes("?") ? "&" : "?"}format=${format}`, bearer);
      expect(answer.status, answer.text).toBe(200);
    }
  }
  // Text that is not secret is found, so the answers do contain data.
  const exported = await get("/admin/schedules/export?format=csv", bearer);
  expect(exported.text).toContain("visible marker");
  const audit = await get("/admin/audit/export?from=2020-01-01T00:00:00Z&format=ndjson", bearer);
  expect(audit.text).toContain("canary key");
  // Masked values are stored, and are shown to callers who may see them and ask for them.
  const masked = await get(`/admin/schedules/${scheduleId}`, bearer);
  expect(masked.text).toContain("••••");
  const revealed = await http.send({ path: `/admin/schedules/${scheduleId}?reveal=true`, headers: bearer });
  expect(revealed.text).toContain(card);
  for (const { what, status, text: content } of answers) expectNoSecret(`${what} (${status})`, content);

  const logDir = join(stack.dataDir, "logs");
  const names = readdirSync(logDir);
  expect(names).toEqual(expect.arrayContaining(["clickhouse.log", "web.log", "worker.log"]));
  for (const name of names) expectNoSecret(name, readFileSync(join(logDir, name), "utf8"));
  const refusals = readFileSync(join(logDir, "web.log"), "utf8")
    .split("\n")
    .filter((line) => line.includes('"request refused"') && line.includes(narrow.keyId))
    .map((line) => JSON.parse(line).call);
  expect(refusals).toEqual([`DELETE /admin/api-keys/${made.keyId}`, "access.createUser"]);
  // The console shows no setup link, because the environment defines the account.
  expectNoSecret("the console", stack.output());
});

test("a worker that cannot reach a store or the broker logs no credential", async () => {
  const sasl = secret("sasl");
  const wrong = secret("store");
  secrets.set("SASL password", sasl);
  secrets.set("wrong store password", wrong);
  const broker = `127.0.0.1:${await freePort()}`;
  const cases: Record<string, Record<string, string>> = {
    "an unreachable broker": {
      KAFKA_BROKERS: broker,
      KAFKA_SASL_MECHANISM: "PLAIN",
      KAFKA_SASL_USERNAME: "canary",
      KAFKA_SASL_PASSWORD: sasl,
    },
    "an unreachable token endpoint": {
      KAFKA_BROKERS: broker,
      KAFKA_SASL_MECHANISM: "OAUTHBEARER",
      KAFKA_SASL_TOKEN_URL: `http://canary:${wrong}@${broker}/token`,
      KAFKA_SASL_USERNAME: "canary",
      KAFKA_SASL_PASSWORD: sasl,
    },
    "a wrong password of Redis": { REDIS_PASSWORD: wrong },
    "a wrong password of ClickHouse": { CLICKHOUSE_PASSWORD: wrong },
    "an invalid environment": {
      KAFKA_SASL_PASSWORD: sasl,
      SETUP_TOKEN: wrong.slice(0, 20),
      PAYLOAD_ENCRYPTION_KEYS: `k1:${wrong}`,
      ADMIN_API_KEY: `${wrong} `,
    },
  };
  secrets.set("the beginning of a wrong password", wrong.slice(0, 20));
  for (const [what, env] of Object.entries(cases)) {
    const output = await workerOutput(env);
    expect(output.length, what).toBeGreaterThan(20);
    expectNoSecret(what, output);
  }
});
