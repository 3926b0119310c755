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

const FILES = ["app/admin", "app/api"]
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`))
  .filter((file) => file.endsWith("/route.ts"))
  .sort();
/** Routes that answer without sign-in, with the reason. Each has its own test below. */
const OPEN: Record<string, string> = {
  "app/api/auth/setup/route.ts": "asks for the setup token",
  "app/api/auth/sign-in/route.ts": "asks for the password",
  "app/api/setup-status/route.ts": "asks for the setup token",
  "app/api/live/route.ts": "says that the process answers",
  "app/api/v1/schedules/monitoring/health/route.ts": "tells a balancer one word",
  "app/api/trpc/[trpc]/route.ts": "asks in each procedure",
};
const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const ID = "0190f3a0-0000-7000-8000-000000000000";

const load = async (file: string) => (await import(resolve(file))) as RouteMethods;
const request = (given: { method?: string; body?: unknown; headers?: Record<string, string> }) =>
  new Request("http://a.example/x", {
    method: given.method ?? "POST",
    body: given.body === undefined ? undefined : JSON.stringify(given.body),
    headers: given.headers,
  });
const next = (params: Record<string, string | string[]> = {}) => ({ params: Promise.resolve(params) });

describe("a caller without credentials", () => {
  it("meets every route of REST", () => {
    expect(FILES.length).toBeGreaterThanOrEqual(23);
    expect(Object.keys(OPEN).every((file) => FILES.includes(file))).toBe(true);
  });

  it.each(FILES.filter((file) => !(file in OPEN)))("is refused by %s", async (file) => {
    const route = await load(file);
    const params = { id: ID, path: ["schedules"] };
    const answers = await Promise.all(METHODS.map((method) => route[method](request({ method }), next(params))));
    const codes = await Promise.all(answers.map(async (one) => ((await one.json()) as { code: string }).code));
    // An unsupported method may be reported; nothing else may be disclosed.
    expect(codes).toContain("unauthenticated");
    expect(codes.filter((code) => code !== "unauthenticated" && code !== "method_not_allowed")).toEqual([]);
  });

  it("learns one word of the health", async () => {
    const route = await load("app/api/v1/schedules/monitoring/health/route.ts");
    const response = await route.GET(request({ method: "GET" }), next());
    expect(Object.keys((await response.json()) as object)).toEqual(["status"]);
  });

  it.each([
    ["without", {}, 401],
    ["with a wrong", { "x-setup-token": "wrong" }, 403],
  ])("learns nothing of the setup %s token", async (_, headers, status) => {
    const route = await load("app/api/setup-status/route.ts");
    expect((await route.GET(request({ method: "GET", headers }), next())).status).toBe(status);
  });

  it("learns with the setup token that an account is needed", async () => {
    const route = await load("app/api/setup-status/route.ts");
    const headers = { "x-setup-token": SETUP_TOKEN };
    const response = await route.GET(request({ method: "GET", headers }), next());
    expect([response.status, await response.json()]).toEqual([200, { needed: true }]);
  });
});

describe("signing in by REST", () => {
  const account = { email: "first@example.com", password: "correct horse" };

  it("sets a cookie that page scripts cannot read, ends with the sign-out, and refuses other sites", async () => {
    const { POST: setup } = await load("app/api/auth/setup/route.ts");
    const { POST: signIn } = await load("app/api/auth/sign-in/route.ts");
    const { POST: signOut } = await load("app/api/auth/sign-out/route.ts");
    const made = await setup(request({ body: { ...account, token: SETUP_TOKEN } }), next());
    expect(made.status).toBe(200);

    const foreign = { host: "a.example", origin: "https://b.example" };
    expect((await signIn(request({ body: account, headers: foreign }), next())).status).toBe(403);

    const response = await signIn(request({ body: account, headers: { "x-forwarded-proto": "https" } }), next());
    const [cookie = "", device] = response.headers.getSetCookie();
    expect(device).toMatch(/^stufio_device=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
    expect(cookie).toMatch(/^stufio_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
    expect(await response.json()).toMatchObject({ user: { email: account.email, role: "admin" } });

    const headers = { cookie: cookie.split(";")[0] as string };
    const out = await signOut(request({ headers }), next());
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
    expect((await signOut(request({ headers }), next())).status).toBe(401);
  });

  it("says after too many tries when to come back", async () => {
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

  it("serves what /admin serves, path by path", () => {
    const files = FILES.filter((file) => file.startsWith("app/admin/") && !file.includes("[...path]"));
    const paths = files.map((file) => file.slice("app/admin/".length, -"/route.ts".length).replace("[id]", "{id}"));
    expect(ADMIN_ROUTES.map(([path]) => path).sort()).toEqual(paths.sort());
  });

  it("takes literal parts before an id", async () => {
    const response = await adminAlias.GET(request({ method: "GET", headers }), next({ path: ["schedules", "batch"] }));
    expect(response.status).toBe(405);
  });

  it("answers an unknown path with a problem", async () => {
    const response = await adminAlias.GET(request({ method: "GET", headers }), next({ path: ["nowhere"] }));
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, "not_found"]);
  });
});
