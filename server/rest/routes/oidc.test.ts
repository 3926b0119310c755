import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { parseRoleMap } from "~/server/domain/oidc";
import { accessRedis } from "~/server/testing/access-deps";
import { type IdentityProvider, startIdentityProvider } from "~/server/testing/services/identity-provider";
import { oidcCallbackRoute, oidcStartRoute } from "./oidc";

const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

let server: Awaited<ReturnType<typeof accessRedis>>;
let provider: IdentityProvider;

beforeAll(async () => {
  server = await accessRedis();
  provider = await startIdentityProvider({ publicUrl: "https://a.example" });
});
afterAll(async () => {
  await provider.stop();
  await server.close();
});

/** Opens a new container, so that the provider's metadata is read again. */
function useProvider(issuer = provider.issuer): void {
  const { deps } = server.stack();
  const oidc = {
    ...{ issuer, clientId: provider.clientId, clientSecret: provider.clientSecret },
    ...{ scopes: ["openid", "email"], groupsClaim: "groups", roleOfGroup: parseRoleMap("a=admin"), defaultRole: null },
    ...{ name: "SSO", publicUrl: "https://a.example" },
  };
  container.open = async () => ({ deps: { ...deps, env: { ...deps.env, oidc } } });
}
const HTTPS = { host: "a.example", "x-forwarded-proto": "https" };
const get = (route: typeof oidcStartRoute, path: string, headers: Record<string, string> = HTTPS) =>
  route.GET(new Request(`https://a.example${path}`, { headers }), { params: Promise.resolve({}) });

it("binds the sign-in to the browser by a cookie that no other host of the domain can set", async () => {
  useProvider();
  const answer = await get(oidcStartRoute, "/api/auth/oidc?next=/schedules");
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toContain(`${provider.issuer}/auth?`);
  expect(answer.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-stufio_sign_in=[\w.%-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/),
  ]);
});

it("sends the browser to the sign-in page while the provider does not answer", async () => {
  useProvider();
  provider.setDown(true);
  const answer = await get(oidcStartRoute, "/api/auth/oidc?next=/schedules");
  provider.setDown(false);
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/login?why=sso-unavailable"]);
});

it("refuses a provider whose metadata names another issuer than OIDC_ISSUER", async () => {
  const other = new URL(provider.issuer);
  other.hostname = other.hostname === "localhost" ? "127.0.0.1" : "localhost";
  useProvider(other.origin);
  const answer = await get(oidcStartRoute, "/api/auth/oidc?next=/schedules");
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/login?why=sso-unavailable"]);
});

it.each([
  ["without a state", "/api/auth/callback/oidc"],
  ["with an unknown state", "/api/auth/callback/oidc?code=c&state=s"],
  ["with an error of the provider", "/api/auth/callback/oidc?error=access_denied&error_description=%3Cscript%3E"],
])("refuses a callback %s, and shows nothing of its query", async (_, path) => {
  useProvider();
  const answer = await get(oidcCallbackRoute, path);
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/login?why=sso-failed"]);
  expect(answer.headers.getSetCookie().join()).not.toContain("stufio_session");
});
