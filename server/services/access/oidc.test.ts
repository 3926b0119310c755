import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type OidcSettings, parseRoleMap } from "~/server/domain/oidc";
import type { Deps } from "~/server/services/ctx";
import { refusalsOf } from "~/server/services/refusals";
import { type AccessStack, ADMIN, accessRedis } from "~/server/testing/access-deps";
import {
  type IdentityProvider,
  type ProviderUser,
  startIdentityProvider,
} from "~/server/testing/services/identity-provider";
import { signIn } from "~/server/testing/sign-in";
import {
  type Browser,
  createUser,
  finishProviderSignIn,
  issueLink,
  listUsers,
  openCtx,
  readLink,
  SESSION_COOKIE,
  signOut,
  startProviderSignIn,
  updateUser,
  useLink,
} from "./index";
import { newUser } from "./new-user";

const PUBLIC_URL = "http://schedules.example";
const BROWSER: Browser = { ip: "192.0.2.1", userAgent: "test", device: null };
const PASSWORD = "correct horse";

let server: Awaited<ReturnType<typeof accessRedis>>;
let provider: IdentityProvider;
let stack: AccessStack;
let deps: Deps;
let ann: ProviderUser;

beforeAll(async () => {
  server = await accessRedis();
  provider = await startIdentityProvider({ publicUrl: PUBLIC_URL });
});
afterAll(async () => {
  await provider.stop();
  await server.close();
});
beforeEach(() => {
  stack = server.stack();
  deps = { ...stack.deps, env: { ...stack.deps.env, oidc: settings() } };
  ann = {
    ...{ login: "ann", password: "at the provider", email: "ann@example.com", emailVerified: true, name: "Ann" },
    groups: ["editors"],
  };
  provider.users.clear();
  provider.users.set("ann", ann);
});
afterEach(() => {
  provider.setDown(false);
  vi.useRealTimers();
});

const settings = (over: Partial<OidcSettings> = {}): OidcSettings => ({
  ...{ issuer: provider.issuer, clientId: provider.clientId, clientSecret: provider.clientSecret },
  scopes: ["openid", "email", "profile", "groups", "offline_access"],
  ...{ groupsClaim: "groups", roleOfGroup: parseRoleMap("admins=admin,editors=editor,readers=viewer") },
  ...{ defaultRole: null, name: "SSO", publicUrl: PUBLIC_URL },
  ...over,
});
const ctx = (principal: typeof ADMIN | null = null, at = deps) => ({ ...stack.ctx(principal), deps: at });
/** Lets the process ask the provider again, like one that has not asked yet. */
const forgetChecks = () => {
  deps = { ...deps, env: { ...deps.env, oidc: settings() } };
};
const callerOf = async (token: string) =>
  (await openCtx({ deps, headers: new Headers({ cookie: `${SESSION_COOKIE}=${token}` }) })).ctx.principal;

/** Follows the provider's redirects like a browser, logs in, and returns the address to which it is sent back. */
async function logIn(url: string, { login, password }: Pick<ProviderUser, "login" | "password">): Promise<URL> {
  const jar = new Map<string, string>();
  let next: { url: string; body?: string } = { url };
  for (let hops = 0; hops < 12; hops += 1) {
    const response = await fetch(next.url, {
      method: next.body === undefined ? "GET" : "POST",
      body: next.body,
      headers: {
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(next.body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      redirect: "manual",
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    const location = response.headers.get("location");
    if (location === null) {
      if (next.body !== undefined) throw new Error(`refused: ${await response.text()}`);
      next = { url: next.url, body: new URLSearchParams({ login, password }).toString() };
      continue;
    }
    const target = new URL(location, next.url);
    if (target.origin === PUBLIC_URL) return target;
    next = { url: target.href };
  }
  throw new Error("too many redirects");
}

async function begin(nextPath = "/schedules?tag=a") {
  const { url, setCookies } = await startProviderSignIn({ ctx: ctx(), nextPath });
  const state = setCookies.find(({ name }) => name === "stufio_sign_in")?.value ?? null;
  return { url, state };
}
const finish = (back: URL, state: string | null) =>
  finishProviderSignIn({ ctx: ctx(), query: Object.fromEntries(back.searchParams), state, browser: BROWSER });
async function enter(user = ann) {
  const { url, state } = await begin();
  const result = await finish(await logIn(url, user), state);
  if ("refusal" in result) throw new Error(result.refusal);
  return result;
}
async function refusalOf(user = ann) {
  const { url, state } = await begin();
  const result = await finish(await logIn(url, user), state);
  return "refusal" in result ? result.refusal : "opened";
}
const addUser = (role: "admin" | "editor", email: string) =>
  createUser({ ctx: ctx(ADMIN), input: { email, name: "Ann", role, password: PASSWORD } });
/** A user whose password no other person has set, like the first admin. */
const addOwnUser = () => newUser(deps, { email: ann.email, name: "Ann", role: "editor", password: PASSWORD });
const newLinkOf = async (userId: string) =>
  (await issueLink({ ctx: ctx(ADMIN), input: { userId, validHours: 1 } })).token;
const readToken = (token: string) => readLink({ ctx: ctx(), input: { token } });
const byPassword = (email = ann.email) =>
  signIn({ ctx: ctx(), input: { email, password: PASSWORD }, browser: BROWSER });

describe("a sign-in by the identity provider", () => {
  it("creates the account with the role of the user's groups, and opens the page asked for", async () => {
    const { signedIn, location } = await enter();
    expect(location).toBe(`${PUBLIC_URL}/schedules?tag=a`);
    expect(await callerOf(signedIn.token)).toMatchObject({ email: "ann@example.com", name: "Ann", role: "editor" });
    expect(signedIn.session).toMatchObject({ ip: "192.0.2.1", userAgent: "test" });
    const again = await enter();
    expect(again.signedIn.principal.id).toBe(signedIn.principal.id);
    const entries = (await stack.documents()).filter(({ kind }) => kind === "a").map(({ json }) => JSON.parse(json));
    expect(entries.map(({ action, note }) => [action, note])).toEqual([
      ["user.create", "single sign-on"],
      ["session.open", "single sign-on"],
      ["session.open", "single sign-on"],
    ]);
  });

  it("that is refused is on record with the reason", async () => {
    ann.groups = ["others"];
    expect(await refusalOf()).toBe("no_role");
    await refusalsOf(deps).flush();
    const entries = (await stack.documents()).filter(({ kind }) => kind === "a").map(({ json }) => JSON.parse(json));
    expect(entries).toMatchObject([
      {
        action: "session.open",
        result: "refused",
        errorCode: "unauthenticated",
        note: expect.stringContaining("groups"),
      },
    ]);
  });

  it("uses PKCE, a nonce and a state", async () => {
    const { searchParams } = new URL((await begin()).url);
    expect(searchParams.get("code_challenge_method")).toBe("S256");
    for (const name of ["code_challenge", "nonce", "state"]) expect(searchParams.get(name)?.length).toBeGreaterThan(20);
  });

  it("stores neither the access token nor the refresh token in clear", async () => {
    await enter();
    const { json } = (await stack.documents()).findLast(({ json }) => json.includes("refreshToken")) ?? { json: "{}" };
    const { account } = JSON.parse(json).value.identity.rows;
    expect(account[0]).toMatchObject({ providerId: "oidc", accountId: "ann" });
    for (const name of ["accessToken", "refreshToken"]) expect(account[0][name]).toMatch(/^\$ba\$/);
  });

  it.each([
    ["without the cookie of the browser that began it", (state: string | null) => (state ? null : state)],
    ["with another browser's cookie", () => "x.y"],
  ])("is refused %s, so that nobody can be signed in to a foreign account", async (_, change) => {
    const { url, state } = await begin();
    const result = await finish(await logIn(url, ann), change(state));
    expect(result).toMatchObject({ refusal: "failed" });
    expect((await listUsers({ ctx: ctx(ADMIN) })).items).toEqual([]);
  });

  it("can be completed only once", async () => {
    const { url, state } = await begin();
    const back = await logIn(url, ann);
    expect(await finish(back, state)).toHaveProperty("signedIn");
    expect(await finish(back, state)).toMatchObject({ refusal: "failed" });
  });

  it("is refused for a user without a mapped group, unless there is a default role", async () => {
    ann.groups = ["others"];
    expect(await refusalOf()).toBe("no_role");
    expect((await listUsers({ ctx: ctx(ADMIN) })).items).toEqual([]);
    deps = { ...deps, env: { ...deps.env, oidc: settings({ defaultRole: "viewer" }) } };
    expect((await enter()).signedIn.principal.role).toBe("viewer");
  });

  it("links an existing account only if the provider has confirmed the address", async () => {
    const { id: userId } = await addOwnUser();
    ann.emailVerified = undefined;
    expect(await refusalOf()).toBe("not_linked");
    ann.emailVerified = false;
    expect(await refusalOf()).toBe("unverified");
    ann.emailVerified = true;
    expect((await enter()).signedIn.principal.id).toBe(userId);
    await expect(byPassword()).resolves.toMatchObject({ principal: { id: userId } });
  });

  it("that links an account ends what other persons may know: password, link and sessions", async () => {
    const { userId } = await addUser("editor", ann.email);
    const { token } = await byPassword();
    const link = await newLinkOf(userId);
    expect((await enter()).signedIn.principal.id).toBe(userId);
    await expect(byPassword()).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(readToken(link)).rejects.toMatchObject({ code: "not_found" });
    expect(await callerOf(token)).toBeNull();
  });

  it("ends an open password link, and so does a new role by the groups", async () => {
    await addUser("admin", "boss@example.com");
    const { token, principal } = (await enter()).signedIn;
    const first = await newLinkOf(principal.id);
    forgetChecks();
    expect(await callerOf(token)).toMatchObject({ role: "editor" });
    await expect(readToken(first)).resolves.toBeDefined();
    ann.groups = ["admins"];
    forgetChecks();
    expect(await callerOf(token)).toMatchObject({ role: "admin" });
    await expect(readToken(first)).rejects.toMatchObject({ code: "not_found" });
    const second = await newLinkOf(principal.id);
    await enter();
    await expect(readToken(second)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is refused for an account that an admin has disabled", async () => {
    await addUser("admin", "boss@example.com");
    const { signedIn } = await enter();
    await updateUser({ ctx: ctx(ADMIN), input: { userId: signedIn.principal.id, disabled: true } });
    expect(await refusalOf()).toBe("failed");
  });

  it("reports that the provider does not answer, while sign-in by password still works", async () => {
    await addUser("editor", ann.email);
    provider.setDown(true);
    forgetChecks();
    await expect(begin()).rejects.toMatchObject({ code: "internal" });
    await expect(byPassword()).resolves.toBeDefined();
  });
});

describe("a session of a user of the provider", () => {
  it("has the new role after a change of the groups", async () => {
    await addUser("admin", "boss@example.com");
    const { token } = (await enter()).signedIn;
    expect(await callerOf(token)).toMatchObject({ role: "editor" });
    ann.groups = ["readers", "admins"];
    expect(await callerOf(token)).toMatchObject({ role: "editor" });
    forgetChecks();
    expect(await callerOf(token)).toMatchObject({ role: "admin" });
    ann.groups = ["readers"];
    forgetChecks();
    expect(await callerOf(token)).toMatchObject({ role: "viewer" });
  });

  it("is checked again within a minute", async () => {
    await addUser("admin", "boss@example.com");
    const { token } = (await enter()).signedIn;
    expect(await callerOf(token)).toMatchObject({ role: "editor" });
    ann.groups = ["readers"];
    const now = vi.spyOn(performance, "now");
    const start = performance.now();
    // An answer of the provider is accepted for 45 s.
    now.mockImplementation(() => start + 44_000);
    expect(await callerOf(token)).toMatchObject({ role: "editor" });
    now.mockImplementation(() => start + 46_000);
    expect(await callerOf(token)).toMatchObject({ role: "viewer" });
    now.mockRestore();
  });

  it.each([
    ["disabled", (user: ProviderUser) => Object.assign(user, { disabled: true })],
    ["deleted", (user: ProviderUser) => provider.users.delete(user.login)],
    ["without a mapped group", (user: ProviderUser) => Object.assign(user, { groups: [] })],
  ])("ends if the user is %s at the provider, and so do all other sessions", async (_, change) => {
    await addUser("admin", "boss@example.com");
    const [first, second] = [await enter(), await enter()];
    change(ann);
    forgetChecks();
    expect(await callerOf(first.signedIn.token)).toBeNull();
    forgetChecks();
    provider.users.set("ann", { ...ann, disabled: false, groups: ["editors"] });
    expect(await callerOf(second.signedIn.token)).toBeNull();
    await expect(enter()).resolves.toBeDefined();
  });

  it("of a linked account ends too, and the password is refused until an admin sets a new one", async () => {
    await addUser("admin", "boss@example.com");
    const { id: userId } = await addOwnUser();
    await enter();
    const { token } = await byPassword();
    ann.disabled = true;
    forgetChecks();
    expect(await callerOf(token)).toBeNull();
    await expect(byPassword()).rejects.toMatchObject({ code: "unauthenticated" });
    await updateUser({ ctx: ctx(ADMIN), input: { userId, password: PASSWORD } });
    const again = await byPassword();
    forgetChecks();
    expect(await callerOf(again.token)).toMatchObject({ id: userId });
  });

  it("is not the session that a reset link opens: the provider does not end that one", async () => {
    const { principal } = (await enter()).signedIn;
    const token = await newLinkOf(principal.id);
    ann.disabled = true;
    const opened = await useLink({ ctx: ctx(), input: { token, password: PASSWORD }, browser: BROWSER });
    forgetChecks();
    expect("token" in opened && (await callerOf(opened.token))).toMatchObject({ id: principal.id });
  });

  it("goes on while the provider does not answer", async () => {
    const { token } = (await enter()).signedIn;
    provider.setDown(true);
    forgetChecks();
    expect(await callerOf(token)).toMatchObject({ role: "editor" });
  });

  it("of the last admin keeps the role", async () => {
    ann.groups = ["admins"];
    const { token } = (await enter()).signedIn;
    ann.groups = ["readers"];
    forgetChecks();
    expect(await callerOf(token)).toMatchObject({ role: "admin" });
  });

  it("ends at the provider too", async () => {
    const { token } = (await enter()).signedIn;
    const call = await openCtx({ deps, headers: new Headers({ cookie: `${SESSION_COOKIE}=${token}` }) });
    const { url } = await signOut(call);
    expect(url).toContain(`${provider.issuer}/session/end?`);
    expect(new URL(url ?? "").searchParams.get("post_logout_redirect_uri")).toBe(`${PUBLIC_URL}/login`);
    expect(await callerOf(token)).toBeNull();
  });
});

describe("an access token that expires", () => {
  let shortLived: IdentityProvider;
  const start = async (refreshTokens: boolean) => {
    // better-auth refreshes a token 5 s before its end, so each check refreshes this one.
    shortLived = await startIdentityProvider({ publicUrl: PUBLIC_URL, accessTokenSeconds: 4, refreshTokens });
    shortLived.users.set("ann", ann);
    switchToShortLived();
  };
  afterEach(() => shortLived.stop());
  const switchToShortLived = () => {
    deps = { ...deps, env: { ...deps.env, oidc: settings({ issuer: shortLived.issuer }) } };
  };

  it("is refreshed, once if several requests come at the same time", async () => {
    await start(true);
    const { token } = (await enter()).signedIn;
    const checks = [1, 2, 3].map(() => {
      switchToShortLived();
      return callerOf(token);
    });
    for (const principal of await Promise.all(checks)) expect(principal).toMatchObject({ role: "editor" });
    ann.disabled = true;
    switchToShortLived();
    expect(await callerOf(token)).toBeNull();
  });

  it("ends the sessions without a refresh token, but the user may sign in again", async () => {
    await start(false);
    await addOwnUser();
    const { token } = (await enter()).signedIn;
    expect(await callerOf(token)).toMatchObject({ role: "editor" });
    const isSignedIn = async () => {
      switchToShortLived();
      return (await callerOf(token)) !== null;
    };
    await expect.poll(isSignedIn, { timeout: 15_000, interval: 500 }).toBe(false);
    await expect(enter()).resolves.toBeDefined();
    await expect(byPassword()).resolves.toBeDefined();
  });
});
