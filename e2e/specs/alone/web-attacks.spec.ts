import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { bearer, JSON_HEADERS, newKey, newPerson, newSession, revokeKey, signIn, whoIs } from "../../parts/callers";
import { test } from "../../parts/empty-stack";
import { type Answered, cookiesOf, type RawHttp, rawHttp } from "../../parts/raw-http";
import { startSecondWeb } from "../../parts/second-web";

/*
 * Attacks on a running web app. `rawHttp` checks that no answer is a 5xx or reveals internals such as a stack trace.
 * Requests come from 127.0.0.1, which the stack trusts as a proxy, or from 127.0.0.2, which it does not.
 */
test.describe.configure({ timeout: 180_000 });

const UNTRUSTED = "127.0.0.2";
const EVENT = { topic: "e2e.attack", entity_type: "a", action: "b", cron_expression: "0 0 1 1 *" };

let http: RawHttp;
/** The answer to a request whose body stops after one byte, and the time until its connection ended: up to 30 s. */
let slowBody: Promise<{ seconds: number; text: string }>;

test.beforeAll(({ stack }) => {
  http = rawHttp(stack.address);
  const startedAt = performance.now();
  const head = `POST /admin/schedules HTTP/1.1\r\nHost: a\r\nAuthorization: ${bearer().authorization}\r\nContent-Length: 9\r\n\r\n{`;
  slowBody = http.write(head).then((text) => ({ text, seconds: (performance.now() - startedAt) / 1000 }));
});

const count = (answers: readonly Answered[], status: number) => answers.filter((one) => one.status === status).length;

test("changes that another site sends with a browser's session are refused", async () => {
  const { person, cookie } = await newSession(http);
  const own = { origin: http.address, "sec-fetch-site": "same-origin" };
  const { host } = new URL(http.address);
  const variants: Record<string, Record<string, string>> = {
    "another site": { origin: "https://b.example", "sec-fetch-site": "cross-site" },
    "a form of another site": { origin: "https://b.example", "content-type": "application/x-www-form-urlencoded" },
    "a text body of another site": { origin: "https://b.example", "content-type": "text/plain" },
    "a sandboxed frame": { origin: "null" },
    "a subdomain": { origin: `http://x.${host}`, "sec-fetch-site": "same-site" },
    "another port": { origin: "http://127.0.0.1:1" },
    "another site with a forged origin": { ...own, "sec-fetch-site": "cross-site" },
    "another site without an origin": { "sec-fetch-site": "cross-site" },
    "a request without either header": {},
  };
  const create = JSON.stringify(EVENT);
  const input = JSON.stringify({ topic: EVENT.topic, entityType: "a", action: "b", cronExpression: "0 0 1 1 *" });
  const calls = [
    { path: "/admin/schedules", body: create },
    { path: "/api/v1/admin/schedules", body: create },
    { path: "/api/trpc/schedules.create", body: input },
    { path: "/api/auth/sign-out", body: "" },
  ];
  for (const [name, headers] of Object.entries(variants)) {
    for (const call of calls) {
      const answer = await http.send({ method: "POST", ...call, headers: { cookie, ...JSON_HEADERS, ...headers } });
      // tRPC refuses other content types with 415 before it authenticates the caller.
      expect([403, 415], `${name}: ${answer.what}`).toContain(answer.status);
    }
  }
  // Only a trusted proxy may name the host that the browser used.
  const forwarded = { cookie, ...JSON_HEADERS, origin: "https://b.example", "x-forwarded-host": "b.example" };
  for (const call of calls) {
    const answer = await http.send({ method: "POST", ...call, headers: forwarded, from: UNTRUSTED });
    expect(answer.status, answer.what).toBe(403);
  }
  const foreign = { origin: "https://b.example", "sec-fetch-site": "cross-site" };
  expect((await signIn(http, person, { headers: foreign })).status).toBe(403);
  expect(await whoIs(http, { cookie })).toBe(person.email);
  const listed = await http.send({ path: `/admin/schedules?topic=${EVENT.topic}`, headers: { cookie } });
  expect(JSON.parse(listed.text).items).toEqual([]);
  const headers = { cookie, ...JSON_HEADERS, ...own };
  const allowed = await http.send({ method: "POST", path: "/admin/schedules", body: create, headers });
  expect(allowed.status, allowed.text).toBe(201);
});

test("a GET of any address changes nothing", async () => {
  const { cookie } = await newSession(http);
  const made = await http.send({
    method: "POST",
    path: "/admin/schedules",
    headers: { ...bearer(), ...JSON_HEADERS },
    body: JSON.stringify(EVENT),
  });
  const { schedule_id: id } = JSON.parse(made.text);
  const addresses = [
    ...["execute", "toggle", "restore"].map((verb) => `schedules/${id}/${verb}`),
    ...["batch", "bulk/undo", `bulk/${id}/abort`, `bulk/${id}/undo`].map((verb) => `schedules/${verb}`),
    ...["system/pause-all", "system/resume-all", "dead-letters/decide", `quarantine/${id}/decide`],
    ...[`executions/${id}/replay`, "topics/a/schema"],
  ];
  const query = "?enabled=false&action=delete&reason=x&_method=POST";
  const overrides = { "x-http-method-override": "DELETE", "x-method-override": "DELETE", "x-http-method": "DELETE" };
  for (const path of [...addresses, `schedules/${id}`]) {
    const answer = await http.send({ path: `/admin/${path}${query}`, headers: { cookie, ...overrides } });
    expect([200, 404, 405, 422], answer.what).toContain(answer.status);
  }
  for (const path of ["sign-out", "sign-in", "setup"]) {
    expect((await http.send({ path: `/api/auth/${path}`, headers: { cookie } })).status).toBe(405);
  }
  const activity = await http.send({ path: `/admin/schedules/${id}/activity`, headers: bearer() });
  expect(JSON.parse(activity.text).items).toHaveLength(1);
  const paused = await http.send({ path: "/admin/system/pause-all", headers: bearer() });
  expect(JSON.parse(paused.text).paused).toBe(false);
});

test("a session id that is offered before the sign-in is never adopted", async () => {
  const attacker = await newSession(http);
  const victim = await newPerson(http);
  const chosen = `stufio_session=${"a".repeat(43)}`;
  for (const planted of [attacker.cookie.split("; ")[0] as string, chosen]) {
    const answer = await signIn(http, victim, { headers: { cookie: planted } });
    expect(answer.status).toBe(200);
    expect(cookiesOf(answer)).not.toContain(planted.split("=")[1]);
    expect(await whoIs(http, { cookie: cookiesOf(answer) })).toBe(victim.email);
    expect(await whoIs(http, { cookie: planted })).toBe(planted === chosen ? null : attacker.person.email);
  }
});

test("guesses from many addresses are slowed down, and never lock out a browser of the owner", async () => {
  const owner = await newPerson(http);
  const first = await signIn(http, owner, { address: "198.51.100.1" });
  const device = cookiesOf(first).split("; ")[1] as string;
  const guess = (person: typeof owner, i: number) =>
    signIn(http, { ...person, password: "a wrong password" }, { address: `203.0.113.${i}` });
  const guesses = await Promise.all(Array.from({ length: 80 }, (_, i) => guess(owner, i)));
  expect(guesses.map(({ status }) => status).filter((status) => status !== 401 && status !== 429)).toEqual([]);
  expect(count(guesses, 401)).toBeLessThanOrEqual(25);
  for (const refused of guesses.filter(({ status }) => status === 429)) {
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  }
  const known = await signIn(http, owner, { address: "198.51.100.200", headers: { cookie: device } });
  expect(known.status, known.text).toBe(200);
  // The owner uses a new browser, in a network that does not attack.
  const elsewhere = await signIn(http, owner, { address: "198.18.7.1" });
  expect(elsewhere.status, elsewhere.text).toBe(200);
  // An invented device is not exempt.
  const unknown = await Promise.all(
    Array.from({ length: 5 }, (_, i) =>
      signIn(http, owner, { address: `192.0.2.${i}`, headers: { cookie: `stufio_device=${"b".repeat(43)}` } }),
    ),
  );
  expect(count(unknown, 429)).toBeGreaterThanOrEqual(4);
});

test("a key that is revoked while another process uses it is refused there within a second", async ({ stack }) => {
  const second = await startSecondWeb(stack);
  try {
    const other = rawHttp(second.address);
    const { secret, keyId } = await newKey(http, ["read"]);
    const headers = { authorization: `Bearer ${secret}` };
    const use = () => other.send({ path: "/admin/schedules?limit=1", headers });
    expect((await use()).status).toBe(200);
    await revokeKey(http, keyId);
    const revokedAt = performance.now();
    let lastAcceptedAfter = 0;
    for (let refused = 0; refused < 10; ) {
      const startedAfter = performance.now() - revokedAt;
      const { status } = await use();
      expect([200, 401]).toContain(status);
      if (status === 401) refused += 1;
      else [lastAcceptedAfter, refused] = [startedAfter, 0];
    }
    console.log(`revoked key: last accepted ${lastAcceptedAfter.toFixed(0)} ms after the revocation`);
    expect(lastAcceptedAfter).toBeLessThan(1000);
  } finally {
    await second.stop();
  }
});

test("headers and log lines cannot be injected", async ({ stack }) => {
  const marker = "forged-line";
  const line = `%0d%0aSet-Cookie:%20${marker}=1%0d%0a%0d%0a`;
  const answers = [];
  for (const path of [`/login?next=${line}`, `/schedules?q=${line}`, `/x${line}`, `/admin/schedules/${line}`]) {
    answers.push(await http.send({ path }), await http.send({ path, headers: bearer() }));
  }
  const odd = `${marker}\u009b31m\u00ff%0a\\n`;
  const named = [
    "x-request-id",
    "user-agent",
    "referer",
    "origin",
    "idempotency-key",
    "if-match",
    "prefer",
    "traceparent",
  ];
  for (const name of named) {
    const headers = { ...bearer(), ...JSON_HEADERS, [name]: odd };
    answers.push(await http.send({ method: "POST", path: "/admin/schedules", body: '{"topic":1}', headers }));
  }
  for (const email of [`a\r\n${marker}@b.example`, `\u001b[2J${marker}@b.example`, `${marker}\u2028@b.example`]) {
    answers.push(await signIn(http, { email, password: `\r\n${marker}` }));
  }
  for (const { what, headers, status } of answers) {
    expect(status, what).toBeGreaterThan(199);
    expect(String(headers["set-cookie"] ?? ""), what).not.toContain(marker);
    expect(String(headers["x-request-id"] ?? ""), what).not.toContain(marker);
    expect(String(headers.location ?? ""), what).not.toMatch(/[\r\n]/);
  }
  // Node's parser refuses control characters in a header before the app sees the request.
  for (const control of ["\u001b[31m", "\u0000", "\u000b"]) {
    const text = await http.write(
      `GET /login HTTP/1.1\r\nHost: a\r\nUser-Agent: ${control}${marker}\r\nConnection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
  }
  const log = readFileSync(join(stack.dataDir, "logs", "web.log"), "utf8");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
  expect(log).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028]/);
  expect(log.split("\n").filter((one) => one.includes(marker) && !one.startsWith("{"))).toEqual([]);
});

const INJECTIONS = [
  "' OR '1'='1",
  "'; DROP TABLE event_schedules; --",
  "\\' UNION ALL SELECT password FROM accounts FORMAT JSON /*",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of other template languages
  "{{7*7}}${7*7}<%= 7*7 %>",
  "<img src=x onerror=alert(1)><script>alert(1)</script>",
  "../../../etc/passwd",
  "=cmd|'/c calc'!A1",
  "a\r\nSET stufio:x 1\r\n*1",
];
const TEXT_FIELDS =
  "name description topic entity_type entity_id action actor_id correlation_id cron_expression timezone".split(" ");
const OTHER_FIELDS =
  "execution_time start_at priority max_runs max_retries dst_gap actor_type enabled tags headers catch_up".split(" ");
const FILTERS: Record<string, string> = {
  "/admin/schedules":
    "q enabled status tag topic entity_type action source tier kind cron_expression timezone failing overdue due_before due_after sort limit cursor",
  "/admin/executions":
    "schedule_id from to status topic trigger source error_class error_shape reason retried weekday hour timezone decided q sort limit cursor",
  "/admin/audit?from=2020-01-01T00:00:00Z": "to actor verb target result bulk_items limit cursor",
};

test("injection strings are treated as data in every field and filter", async () => {
  const headers = { ...bearer(), ...JSON_HEADERS };
  for (const text of INJECTIONS) {
    const items = [
      ...[...TEXT_FIELDS, ...OTHER_FIELDS].map((field) => ({ ...EVENT, [field]: text })),
      ...[{ payload: { [text]: text } }, { headers: { a: text } }, { headers: { [text]: "a" } }, { tags: [text] }].map(
        (more) => ({ ...EVENT, ...more }),
      ),
      { ...EVENT, [text]: text },
    ];
    const answer = await http.send({
      method: "POST",
      path: "/admin/schedules/batch",
      headers,
      body: JSON.stringify({ items }),
    });
    expect(answer.status, answer.text.slice(0, 500)).toBe(207);
    const results = JSON.parse(answer.text).items as { schedule_id?: string; error?: { status: number } }[];
    for (const [i, { schedule_id, error }] of results.entries()) {
      if (error) {
        expect([409, 422], JSON.stringify({ item: items[i], error })).toContain(error.status);
        continue;
      }
      const stored = JSON.parse((await http.send({ path: `/admin/schedules/${schedule_id}`, headers })).text);
      expect(stored).toMatchObject(items[i] as Record<string, unknown>);
      const gone = await http.send({ method: "DELETE", path: `/admin/schedules/${schedule_id}`, headers: bearer() });
      expect(gone.status).toBe(204);
    }
    const asked = Object.entries(FILTERS).flatMap(([path, names]) =>
      names.split(" ").map((name) => `${path}${path.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(text)}`),
    );
    const lists = await Promise.all(asked.map((path) => http.send({ path, headers: bearer() })));
    for (const { what, status, text: listed } of lists) {
      expect([200, 400, 422], `${what}: ${listed.slice(0, 300)}`).toContain(status);
      if (status === 200 && !what.includes("/audit")) expect(JSON.parse(listed).items, what).toEqual([]);
    }
  }
});

test("bodies that are too large, too deep or too slow are refused with the reason", async () => {
  const large = `{"name":"${"x".repeat(10_000_000)}"}`;
  const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const headers = { ...bearer(), ...JSON_HEADERS };
  const post = (path: string, body: string, more = {}) =>
    http.send({ method: "POST", path, body, headers: { ...headers, ...more } });
  for (const path of ["/admin/schedules", "/api/trpc/schedules.create", "/api/auth/sign-in", "/api/auth/setup"]) {
    const answer = await post(path, large);
    expect([answer.status, JSON.parse(answer.text).code], path).toEqual([413, "payload_too_large"]);
  }
  expect((await post("/admin/schedules/batch", large)).status).toBe(422);
  const nested = [
    await post(
      "/admin/schedules",
      JSON.stringify({ ...EVENT, payload: 0 }).replace('"payload":0', `"payload":${deep}`),
    ),
    await post(
      "/api/trpc/schedules.create",
      `{"topic":"${EVENT.topic}","entityType":"a","action":"b","cronExpression":"0 0 1 1 *","payload":${deep}}`,
    ),
  ];
  for (const answer of nested) {
    expect(answer.status, answer.text.slice(0, 300)).toBe(422);
    expect(answer.text).toContain('"field":"payload"');
    expect(answer.text).toMatch(/nested (too deep|\d+ levels deep)/);
  }
  const { seconds, text } = await slowBody;
  console.log(`slow body: ended after ${seconds.toFixed(0)} s`);
  expect(text).toMatch(/^HTTP\/1\.1 408 /);
  expect(seconds).toBeLessThan(45);
});

test("500 idle live streams and 500 idle connections leave room for others", async () => {
  const keys = await Promise.all(Array.from({ length: 25 }, () => newKey(http, ["read"])));
  const connections = Array.from({ length: 500 }, () => http.connect().on("error", () => {}));
  const streams: IncomingMessage[] = [];
  /** Opens a live stream. Returns whether it was refused because the caller has too many. */
  const openStream = async (secret: string): Promise<boolean> => {
    const headers = { authorization: `Bearer ${secret}` };
    const stream = await http.open({ path: "/api/trpc/live.changes", headers });
    const [first] = (await once(stream, "data")) as [Buffer];
    streams.push(stream.on("error", () => {}).resume());
    return String(first).includes('"rate_limited"');
  };
  try {
    for (const { secret } of keys) {
      await Promise.all(Array.from({ length: 20 }, () => openStream(secret)));
    }
    const health = await http.send({ path: "/api/v1/schedules/monitoring/health" });
    expect(health.status).toBe(200);
    const startedAt = performance.now();
    const made = await http.send({
      method: "POST",
      path: "/admin/schedules",
      headers: { ...bearer(), ...JSON_HEADERS },
      body: JSON.stringify(EVENT),
    });
    expect(made.status).toBe(201);
    console.log(`with ${streams.length} idle streams: create in ${(performance.now() - startedAt).toFixed(0)} ms`);
    // The twenty-first stream of one caller is refused, while another caller gets one.
    const more = await http.open({
      path: "/api/trpc/live.changes",
      headers: { authorization: `Bearer ${keys[0]?.secret}` },
    });
    let text = "";
    for await (const chunk of more) text += chunk;
    expect(text).toContain('"code":"rate_limited"');
    expect(await openStream((await newKey(http, ["read"])).secret)).toBe(false);
  } finally {
    for (const one of [...streams, ...connections]) one.destroy();
  }
});

test("proxy headers are ignored unless a trusted proxy sends them", async () => {
  const person = await newPerson(http);
  const { host } = new URL(http.address);
  const forged = { "x-forwarded-proto": "https", "x-forwarded-host": "b.example", "x-forwarded-for": "203.0.113.9" };
  const page = await http.send({ path: "/login", headers: forged, from: UNTRUSTED });
  expect(page.headers).not.toHaveProperty("strict-transport-security");
  const foreign = { ...forged, origin: "https://b.example" };
  expect((await signIn(http, person, { headers: foreign, from: UNTRUSTED })).status).toBe(403);
  const entered = await signIn(http, person, { headers: forged, from: UNTRUSTED });
  expect(entered.headers["set-cookie"]?.[0]).toMatch(
    /^stufio_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
  );
  const sessions = await http.send({ path: "/api/trpc/access.sessions", headers: { cookie: cookiesOf(entered) } });
  expect(JSON.parse(sessions.text).result.data.items[0].ip).toBe(UNTRUSTED);

  // Guesses of keys count against the address of the connection, whatever `X-Forwarded-For` claims.
  const guess = (i: number, from?: string) =>
    http.send({
      path: "/admin/schedules",
      headers: { authorization: `Bearer guess-${from}-${i}`, "x-forwarded-for": `203.0.113.${i}` },
      from,
    });
  const guesses = [];
  for (let i = 0; i < 40; i += 1) guesses.push(await guess(i, UNTRUSTED));
  expect(count(guesses, 429)).toBeGreaterThanOrEqual(9);
  expect((await http.send({ path: "/admin/schedules", headers: bearer(), from: UNTRUSTED })).status).toBe(200);

  // Headers that Next and this product use internally.
  const internal = {
    "x-stufio-address": "203.0.113.9",
    "x-stufio-nonce": "forged",
    "content-security-policy": "script-src 'nonce-forged'",
    "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy",
    "x-middleware-prefetch": "1",
    "x-nextjs-data": "1",
    "x-invoke-path": "/schedules",
    "x-matched-path": "/api/live",
    "next-action": "00",
  };
  for (const [name, value] of Object.entries(internal)) {
    for (const from of [undefined, UNTRUSTED]) {
      const answer = await http.send({ path: "/schedules", headers: { [name]: value, host }, from });
      // Next answers a request marked as a middleware prefetch with an empty object.
      const isEmpty = answer.status === 200 && answer.text === "{}";
      expect(isEmpty || [307, 404].includes(answer.status), `${name}: ${answer.text.slice(0, 200)}`).toBe(true);
      expect(answer.text).not.toContain("forged");
    }
  }
});
