import { expect } from "@playwright/test";
import { bearer, newSession } from "../../parts/callers";
import { test } from "../../parts/empty-stack";
import { type Answered, type RawHttp, rawHttp, type Sent } from "../../parts/raw-http";

test.describe.configure({ timeout: 180_000 });

let http: RawHttp;
test.beforeAll(({ stack }) => {
  http = rawHttp(stack.address);
});

const HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "permissions-policy": expect.stringContaining("camera=()"),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": expect.stringMatching(/default-src .*frame-ancestors 'none'/),
  "strict-transport-security": "max-age=31536000; includeSubDomains",
};
const HTTPS = { "x-forwarded-proto": "https" };

/** Requests for every kind of response, with their status. */
async function everyKind(cookie: string): Promise<[status: number, sent: Sent][]> {
  const { text } = await http.send({ path: "/login" });
  const [script] = /\/_next\/static\/[^"]+\.js/.exec(text) ?? [];
  const [styles] = /\/_next\/static\/[^"]+\.css/.exec(text) ?? [];
  expect([script, styles]).toEqual([expect.any(String), expect.any(String)]);
  const post = (path: string, body: string, headers = {}) => ({ method: "POST", path, body, headers });
  return [
    [200, { path: "/login" }],
    [307, { path: "/schedules?q=x" }],
    [200, { path: "/schedules", headers: { cookie } }],
    // Next.js redirects an RSC request without its hash parameter.
    [307, { path: "/schedules", headers: { cookie, rsc: "1" } }],
    [404, { path: "/no-such-page", headers: { cookie } }],
    [200, { path: "/schedules/0190f3a0-0000-7000-8000-00000000000a", headers: { cookie } }],
    [200, { path: script as string }],
    [200, { path: styles as string }],
    [404, { path: "/_next/static/chunks/missing.js" }],
    [200, { path: "/icon.svg" }],
    [405, { method: "TRACE", path: "/login" }],
    [404, { path: "/login/../x" }],
    [200, { path: "/api/live" }],
    [200, { path: "/admin/schedules", headers: bearer() }],
    [401, { path: "/admin/schedules" }],
    [405, { method: "DELETE", path: "/admin/schedules", headers: bearer() }],
    [204, { method: "OPTIONS", path: "/admin/schedules" }],
    [404, { path: "/admin/nothing", headers: bearer() }],
    [404, { path: "/admin//schedules", headers: bearer() }],
    [400, post("/admin/schedules", "{", bearer())],
    [422, post("/admin/schedules", "{}", bearer())],
    [413, post("/api/auth/sign-in", "x".repeat(20_000))],
    [403, post("/api/auth/sign-out", "", { cookie, origin: "https://b.example" })],
    [401, { path: "/api/trpc/schedules.list" }],
    [404, { path: "/api/trpc/no.such", headers: bearer() }],
  ];
}

test("every kind of response has every security header", async () => {
  const { cookie } = await newSession(http);
  for (const [status, sent] of await everyKind(cookie)) {
    const answer = await http.send({ ...sent, headers: { ...sent.headers, ...HTTPS } });
    expect(answer.headers, answer.what).toMatchObject(HEADERS);
    expect(answer.status, `${answer.what}: ${answer.text.slice(0, 200)}`).toBe(status);
  }
  const stream = await http.open({ path: "/api/trpc/live.changes", headers: { ...bearer(), ...HTTPS } });
  expect(stream.headers).toMatchObject({ ...HEADERS, "content-type": "text/event-stream" });
  stream.destroy();
  const overHttp = await http.send({ path: "/login" });
  expect(overHttp.headers).not.toHaveProperty("strict-transport-security");
});

test("error responses that Node writes itself have security headers", async () => {
  for (const head of ["GET / HTTP/1.1", "GET / HTTP/1.1\r\nHost: a\r\nExpect: nonsense"]) {
    const text = await http.write(`${head}\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(text).toContain("x-content-type-options: nosniff");
  }
});

test("answers to API requests report how many more requests are allowed", async () => {
  for (const path of ["/admin/schedules", "/api/trpc/access.me", "/admin/nothing"]) {
    const { headers } = await http.send({ path, headers: bearer() });
    expect(headers.ratelimit).toMatch(/^"key";r=\d+;t=\d+, "address";r=\d+;t=\d+$/);
    expect(headers["ratelimit-policy"]).toBe('"key";q=10000;w=10, "address";q=20000;w=10');
  }
});

const nonceOf = ({ headers }: Answered) =>
  /script-src [^;]*'nonce-([^']+)'/.exec(String(headers["content-security-policy"]))?.[1];

test("each script and style element of a page has the nonce of its response", async () => {
  const { cookie } = await newSession(http);
  const nonces = new Set<string | undefined>();
  for (const path of ["/login", "/", "/schedules", "/schedules/new", "/no-such-page", "/login"]) {
    const answer = await http.send({ path, headers: path === "/login" ? {} : { cookie } });
    const policy = String(answer.headers["content-security-policy"]);
    expect(policy).not.toMatch(/unsafe-eval|(script-src|style-src) [^;]*unsafe-inline/);
    const nonce = nonceOf(answer);
    nonces.add(nonce);
    const elements = [...answer.text.matchAll(/<(?:script|style)\b([^>]*)>/g)].map(
      ([, attributes]) => attributes ?? "",
    );
    const executed = elements.filter((attributes) => !attributes.includes('type="application/json"'));
    expect(executed.length).toBeGreaterThan(2);
    expect(executed.filter((attributes) => !attributes.includes(`nonce="${nonce}"`))).toEqual([]);
    expect(answer.text).not.toMatch(/<[a-z]+ [^>]*\son[a-z]+=/);
  }
  expect(nonces.size).toBe(6);
});

test("a page runs no injected script, and its own navigation and editor need no exception", async ({
  page,
  context,
}) => {
  const violations: string[] = [];
  await page.exposeFunction("reportViolation", (text: string) => violations.push(text));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      const { effectiveDirective, blockedURI, sourceFile } = event;
      // Zod tests whether it may compile schemas.
      if (blockedURI === "eval") return;
      (window as unknown as { reportViolation(text: string): void }).reportViolation(
        `${location.pathname}: ${effectiveDirective} ${blockedURI} ${sourceFile}`,
      );
    });
  });
  const { cookie } = await newSession(http);
  const [name = "", value = ""] = cookie.split("; ")[0]?.split("=") ?? [];
  await context.addCookies([{ name, value, url: http.address }]);
  await page.goto("/schedules");
  // Links make the router load the scripts of each page.
  for (const name of ["Executions", "Analytics", "Upcoming", "System", "Schedules"]) {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  await page.goto("/schedules/new");
  await expect(page.locator(".cm-content").first()).toBeVisible();
  // The editor could insert its style element.
  await expect(page.locator(".cm-scroller").first()).toHaveCSS("display", "flex");
  expect(violations).toEqual([]);

  // Simulates a page that writes text of a user into its HTML.
  const injected =
    '<script>window.ran = true</script><img src="data:," onerror="window.ran = true"><style>b { top: 1px }</style>';
  await page.route("**/account", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/<body[^>]*>/, `$&${injected}`) });
  });
  await page.goto("/account");
  const refused = () => violations.map((text) => text.split(" ")[1]).sort();
  await expect.poll(refused).toEqual(["script-src-attr", "script-src-elem", "style-src-elem"]);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await page.evaluate(() => "ran" in window)).toBe(false);
});
