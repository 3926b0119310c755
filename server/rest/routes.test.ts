import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type AccessStack, accessRedis, ENV_KEY, SETUP_TOKEN } from "~/server/testing/access-deps";
import type { Method, RouteMethods } from "./handler";
import { ADMIN_ROUTES, adminAlias } from "./routes/admin-table";

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  server = await accessRedis();
  stack = server.stack();
  container.open = async () => ({ deps: stack.deps });
});
afterAll(() => server.close());

const FILES = ["app/admin", "app/api", "app/mcp"]
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`))
  .filter((file) => file.endsWith("/route.ts"))
  .sort();
/** Routes that answer without sign-in, with the reason. */
const OPEN: Record<string, string> = {
  "app/api/auth/setup/route.ts": "requires the setup token",
  "app/api/auth/sign-in/route.ts": "requires the password",
  "app/api/auth/password-link/route.ts": "requires the token of a link",
  "app/api/auth/password-link/use/route.ts": "requires the token of a link",
  "app/api/auth/passkey/options/route.ts": "begins a sign-in",
  "app/api/auth/passkey/route.ts": "requires a passkey",
  "app/api/auth/second-factor/route.ts": "requires the cookie of a sign-in whose password was right",
  "app/api/auth/oidc/route.ts": "begins a sign-in",
  "app/api/auth/callback/oidc/route.ts": "ends a sign-in, with a code of the identity provider",
  "app/api/setup-status/route.ts": "requires the setup token",
  "app/api/v1/openapi.json/route.ts": "is the same for every caller",
  "app/api/v1/openapi.yaml/route.ts": "is the same for every caller",
  "app/api/v1/schedules.schema.json/route.ts": "is the same for every installation",
  "app/api/live/route.ts": "reports only that the process answers",
  "app/api/v1/schedules/monitoring/health/route.ts": "reports one word, for load balancers",
  "app/api/trpc/[trpc]/route.ts": "checks the caller in each procedure",
};
const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const ID = "0190f3a0-0000-7000-8000-000000000000";

const load = async (file: string) => (await import(resolve(file))) as RouteMethods;
const request = (input: { method?: string; body?: unknown; headers?: Record<string, string> }) =>
  new Request("http://a.example/x", {
    method: input.method ?? "POST",
    body: input.body === undefined ? undefined : JSON.stringify(input.body),
    headers: input.headers,
  });
/** A browser's request over HTTPS, through a trusted proxy. */
const HTTPS = { host: "a.example", origin: "https://a.example", "x-forwarded-proto": "https" };
const pair = (setCookie: string) => setCookie.split(";")[0] as string;
const next = (params: Record<string, string | string[]> = {}) => ({ params: Promise.resolve(params) });

describe("a caller without credentials", () => {
  it("is tested on every route file", () => {
    expect(FILES.length).toBeGreaterThanOrEqual(23);
    expect(Object.keys(OPEN).every((file) => FILES.includes(file))).toBe(true);
  });

  it.each(FILES.filter((file) => !(file in OPEN)))("is refused by %s", async (file) => {
    const route = await load(file);
    const params = { id: ID, path: ["schedules"] };
    const answers = await Promise.all(METHODS.map((method) => route[method](request({ method }), next(params))));
    const codes = await Promise.all(answers.map(async (one) => ((await one.json()) as { code: string }).code));
    // The response may say that the method is not supported, but nothing else.
    expect(codes).toContain("unauthenticated");
    expect(codes.filter((code) => code !== "unauthenticated" && code !== "method_not_allowed")).toEqual([]);
  });

  it("gets only the health status", async () => {
    const route = await load("app/api/v1/schedules/monitoring/health/route.ts");
    const response = await route.GET(request({ method: "GET" }), next());
    expect(Object.keys((await response.json()) as object)).toEqual(["status"]);
  });

  it("is not sent to an identity provider if none is configured", async () => {
    for (const file of ["app/api/auth/oidc/route.ts", "app/api/auth/callback/oidc/route.ts"]) {
      const { GET } = await load(file);
      expect((await GET(request({ method: "GET" }), next())).status).toBe(404);
    }
  });

  it.each([
    ["without", {}, 401],
    ["with a wrong", { "x-setup-token": "wrong" }, 403],
  ])("gets no setup status %s token", async (_, headers, status) => {
    const route = await load("app/api/setup-status/route.ts");
    expect((await route.GET(request({ method: "GET", headers }), next())).status).toBe(status);
  });

  it("gets the setup status with the setup token", async () => {
    const route = await load("app/api/setup-status/route.ts");
    const headers = { "x-setup-token": SETUP_TOKEN };
    const response = await route.GET(request({ method: "GET", headers }), next());
    expect([response.status, await response.json()]).toEqual([200, { needed: true }]);
  });
});

describe("sign-in by REST", () => {
  const account = { email: "first@example.com", password: "correct horse" };

  it("sets a cookie that page scripts cannot read, ends with the sign-out, and refuses other sites", async () => {
    const { POST: setup } = await load("app/api/auth/setup/route.ts");
    const { POST: signIn } = await load("app/api/auth/sign-in/route.ts");
    const { POST: signOut } = await load("app/api/auth/sign-out/route.ts");
    const made = await setup(request({ body: { ...account, token: SETUP_TOKEN } }), next());
    expect(made.status).toBe(200);

    const foreign = { host: "a.example", origin: "https://b.example" };
    const forged = { host: "a.example", origin: "http://a.example", "sec-fetch-site": "cross-site" };
    for (const headers of [foreign, forged])
      expect((await signIn(request({ body: account, headers }), next())).status).toBe(403);

    const response = await signIn(request({ body: account, headers: HTTPS }), next());
    const [cookie = "", device] = response.headers.getSetCookie();
    expect(device).toMatch(/^__Host-stufio_device=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
    expect(cookie).toMatch(
      /^__Host-stufio_session=\w{32}[\w.%]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/,
    );
    expect(await response.json()).toMatchObject({ user: { email: account.email, role: "admin" } });

    const headers = { ...HTTPS, cookie: pair(cookie) };
    const out = await signOut(request({ headers }), next());
    expect(out.headers.getSetCookie()).toEqual([
      "__Host-stufio_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure",
    ]);
    expect((await signOut(request({ headers }), next())).status).toBe(401);
  });

  it("over HTTP sets cookies without the prefix __Host-, which browsers accept only over HTTPS", async () => {
    const { POST: signIn } = await load("app/api/auth/sign-in/route.ts");
    const set = (await signIn(request({ body: account }), next())).headers.getSetCookie();
    expect(set).toEqual([
      expect.stringMatching(/^stufio_session=\w{32}[\w.%]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/),
      expect.stringMatching(/^stufio_device=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/),
    ]);
  });

  it("over HTTPS replaces both cookies of an earlier version, whose session stays valid until its end", async () => {
    const { POST: signIn } = await load("app/api/auth/sign-in/route.ts");
    const { POST: signOut } = await load("app/api/auth/sign-out/route.ts");
    const old = (await signIn(request({ body: account }), next())).headers.getSetCookie().map(pair);
    const headers = { ...HTTPS, cookie: old.join("; ") };
    const again = (await signIn(request({ body: account, headers }), next())).headers.getSetCookie();
    expect(again.map((one) => one.replace(/=.*?;/, "=…;").replace(/Max-Age=[1-9]\d*/, "Max-Age=…"))).toEqual([
      "__Host-stufio_session=…; Path=/; HttpOnly; SameSite=Lax; Max-Age=…; Secure",
      "stufio_session=…; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure",
      "__Host-stufio_device=…; Path=/; HttpOnly; SameSite=Lax; Max-Age=…; Secure",
      "stufio_device=…; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure",
    ]);
    // Another host of the domain may have set the plain device cookie and know its value, so the value is not reused.
    expect(again.join()).not.toContain((old[1] as string).split("=")[1]);
    const out = await signOut(request({ headers }), next());
    expect(out.status).toBe(200);
    expect(out.headers.getSetCookie()).toHaveLength(2);
  });

  it("refuses the session of a prefixed cookie if it is sent under the plain name, which other hosts can set", async () => {
    const { POST: signIn } = await load("app/api/auth/sign-in/route.ts");
    const { POST: signOut } = await load("app/api/auth/sign-out/route.ts");
    const [cookie = ""] = (await signIn(request({ body: account, headers: HTTPS }), next())).headers.getSetCookie();
    const planted = pair(cookie).replace("__Host-", "");
    expect((await signOut(request({ headers: { ...HTTPS, cookie: planted } }), next())).status).toBe(401);
    const own = { ...HTTPS, cookie: `${planted.slice(0, -1)}x; ${pair(cookie)}` };
    expect((await signOut(request({ headers: own }), next())).status).toBe(200);
  });

  it("returns Retry-After after too many attempts", async () => {
    const { POST: signIn } = await load("app/api/auth/sign-in/route.ts");
    const body = { email: "guess@example.com", password: "wrong" };
    const answers = await Promise.all(Array.from({ length: 8 }, () => signIn(request({ body }), next())));
    expect(answers.map((one) => one.status).sort()).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
    const refused = answers.find((one) => one.status === 429);
    expect(refused?.headers.get("retry-after")).toBe("1");
  });
});

describe("the alias under /api/v1/admin", () => {
  const headers = { authorization: `Bearer ${ENV_KEY}` };

  it("serves every path of /admin", () => {
    const files = FILES.filter((file) => file.startsWith("app/admin/") && !file.includes("[...path]"));
    const paths = files.map((file) =>
      file.slice("app/admin/".length, -"/route.ts".length).replaceAll(/\[(\w+)\]/g, "{$1}"),
    );
    expect(ADMIN_ROUTES.map(([path]) => path).sort()).toEqual(paths.sort());
  });

  it("prefers literal path segments to ids", async () => {
    const response = await adminAlias.GET(request({ method: "GET", headers }), next({ path: ["schedules", "batch"] }));
    expect(response.status).toBe(405);
  });

  it("answers an unknown path with a problem", async () => {
    const response = await adminAlias.GET(request({ method: "GET", headers }), next({ path: ["nowhere"] }));
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, "not_found"]);
  });
});
