import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSharedState } from "~/server/adapters/redis/shared-state/shared-state";
import { newLeaseToken } from "~/server/lease-token";
import { type AccessStack, ADMIN, accessRedis, ENV_KEY, SETUP_TOKEN } from "~/server/testing/access-deps";
import {
  type Browser,
  changePassword,
  createApiKey,
  createUser,
  deleteUser,
  ensureFirstAdmin,
  listApiKeys,
  listSessions,
  openCtx,
  restoreAccess,
  revokeApiKey,
  revokeSession,
  SESSION_COOKIE,
  SESSION_MS,
  setup,
  setupStatus,
  signIn,
  signOut,
  updateUser,
} from "./index";
import { ADDRESS_HEADER } from "./request-facts";
import { waitSeconds } from "./sign-in-limit";

const BROWSER: Browser = { ip: "192.0.2.1", userAgent: "test", device: null };
const EMAIL = "ann@example.com";
const PASSWORD = "correct horse";

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;

beforeAll(async () => {
  server = await accessRedis();
});
afterAll(() => server.close());
beforeEach(() => {
  stack = server.stack();
});

const addUser = (role: "admin" | "operator" | "viewer" = "operator", email = EMAIL) =>
  createUser({ ctx: stack.ctx(ADMIN), input: { email, name: "Ann", role, password: PASSWORD } });
const enter = (password = PASSWORD, email = EMAIL, browser = BROWSER) =>
  signIn({ ctx: stack.ctx(), input: { email, password }, browser });
const withCookie = (token: string) =>
  openCtx({ deps: stack.deps, headers: new Headers({ cookie: `theme=dark; ${SESSION_COOKIE}=${token}` }) });
const withKey = (secret: string) =>
  openCtx({ deps: stack.deps, headers: new Headers({ authorization: `Bearer ${secret}` }) });

describe("signing in", () => {
  it("opens a session that the cookie resolves to the user", async () => {
    await addUser();
    const { token } = await enter();
    const { ctx } = await withCookie(token);
    expect(ctx.principal).toMatchObject({ email: EMAIL, role: "operator", via: "session" });
  });

  it("keeps neither the token nor the password in Redis", async () => {
    await addUser();
    const { token } = await enter();
    const keys = await stack.redis.keys(`${stack.prefix}*`);
    const dump = await Promise.all(keys.map(async (key) => key + (await stack.redis.dump(key))));
    expect(keys.length).toBeGreaterThan(3);
    expect(dump.join()).not.toContain(token);
    expect(dump.join()).not.toContain(PASSWORD);
  });

  it.each([
    ["a wrong password", "wrong password", EMAIL],
    ["an unknown e-mail", PASSWORD, "nobody@example.com"],
  ])("refuses %s with the same words", async (_, password, email) => {
    await addUser();
    await expect(enter(password, email)).rejects.toMatchObject({
      code: "unauthenticated",
      message: "The e-mail address or the password is wrong.",
    });
  });

  it("makes who fails wait, even with the right password, and says when to come back", async () => {
    await addUser();
    for (let i = 0; i < 5; i++) await expect(enter("wrong")).rejects.toMatchObject({ code: "unauthenticated" });
    // At once, as the wait after the sixth is a second only.
    const [sixth, seventh] = await Promise.allSettled([enter("wrong"), enter()]);
    expect(sixth).toMatchObject({ reason: { code: "unauthenticated" } });
    expect(seventh).toMatchObject({ reason: { code: "rate_limited", details: { retryAfterSeconds: 1 } } });
  });

  it("doubles the wait with each failure, up to its bound", () => {
    expect([1, 2, 3, 4, 9, 10, 11, 10_000].map((beyond) => waitSeconds(beyond, 300))).toEqual([
      1, 2, 4, 8, 256, 300, 300, 300,
    ]);
  });

  it("checks few passwords of many that come at once", async () => {
    await addUser();
    const all = await Promise.all(Array.from({ length: 40 }, () => enter("wrong").catch((error) => error.code)));
    expect(all.filter((code) => code === "unauthenticated")).toHaveLength(6);
  });

  it("lets in a browser that signed in before, while strangers try from everywhere", async () => {
    await addUser();
    const { device } = await enter();
    const from = (i: number) => ({ ...BROWSER, ip: `198.51.100.${i}` });
    const tries = await Promise.all(
      Array.from({ length: 130 }, (_, i) => enter("wrong", EMAIL, from(i)).catch((error) => error.code)),
    );
    expect(tries.filter((code) => code === "unauthenticated").length).toBeLessThanOrEqual(21);
    // Two at once: whatever time has passed, one at most gets through the gate.
    const others = [from(201), { ...from(202), device: `${device}x` }].map((browser) =>
      enter("wrong", EMAIL, browser).catch((error) => error.code),
    );
    await expect(enter(PASSWORD, EMAIL, { ...from(200), device })).resolves.toMatchObject({ device });
    expect(await Promise.all(others)).toContain("rate_limited");
  });

  it("knows a browser for those alone who have signed in with it, and limits it by its own failures", async () => {
    await addUser();
    await addUser("viewer", "eve@example.com");
    const eve = await enter(PASSWORD, "eve@example.com");
    const hers = { ...BROWSER, device: eve.device };
    const sevenOfHers = Array.from({ length: 7 }, () => enter("wrong", EMAIL, hers).catch((error) => error.code));
    expect((await Promise.all(sevenOfHers)).at(-1)).toBe("rate_limited");
    const own = { ...hers, ip: "198.51.100.1" };
    await expect(enter(PASSWORD, EMAIL, own)).resolves.toMatchObject({ device: eve.device });
    const tenOfHis = Array.from({ length: 10 }, () => enter("wrong", EMAIL, own).catch((error) => error.code));
    expect(await Promise.all(tenOfHis)).toEqual([...Array(9).fill("unauthenticated"), "rate_limited"]);
  });

  it("counts the addresses of one IPv6 network as one, and has no text of a caller in its keys", async () => {
    const from = (i: number) => ({ ...BROWSER, ip: `2001:db8::${i}` });
    const tries = [1, 2, 3, 4, 5, 6, 7].map((i) => enter("wrong", EMAIL, from(i)).catch((error) => error.code));
    expect((await Promise.all(tries)).at(-1)).toBe("rate_limited");
    const keys = await stack.redis.keys(`${stack.prefix}*limit*`);
    expect(keys.length).toBeGreaterThan(2);
    expect(keys.filter((key) => key.includes(EMAIL) || key.length > 200)).toEqual([]);
  });

  it("lets the same person in from another address meanwhile", async () => {
    await addUser();
    for (let i = 0; i < 9; i++) await enter("wrong").catch(() => undefined);
    const elsewhere = { ...BROWSER, ip: "198.51.100.7" };
    await expect(enter(PASSWORD, EMAIL, elsewhere)).resolves.toMatchObject({ principal: { email: EMAIL } });
  });

  it("counts in Redis, for all processes together", async () => {
    await addUser();
    for (let i = 0; i < 5; i++) await enter("wrong").catch(() => undefined);
    const sixth = enter("wrong").catch(() => undefined);
    // A state of its own stands for another process: nothing that this one remembers is found by it.
    const deps = { ...stack.deps, ...createSharedState({ ...stack, newHolder: newLeaseToken }) };
    const input = { email: EMAIL, password: PASSWORD };
    const elsewhere = signIn({ ctx: { ...stack.ctx(), deps }, input, browser: BROWSER });
    await expect(elsewhere).rejects.toMatchObject({ code: "rate_limited" });
    await sixth;
  });

  it("does not count those who get in", async () => {
    await addUser();
    for (let i = 0; i < 10; i++) await enter();
    await expect(enter()).resolves.toBeDefined();
  });

  it("shuts a blocked user out at once, and ends what is open", async () => {
    const user = await addUser();
    const { token } = await enter();
    await updateUser({ ctx: stack.ctx(ADMIN), input: { userId: user.userId, disabled: true } }).catch(() => undefined);
    await addUser("admin", "boss@example.com");
    await updateUser({ ctx: stack.ctx(ADMIN), input: { userId: user.userId, disabled: true } });
    expect((await withCookie(token)).ctx.principal).toBeNull();
    await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("ends a session after its time", async () => {
    await addUser();
    const { token } = await enter();
    stack.later(SESSION_MS + 1);
    expect((await withCookie(token)).ctx.principal).toBeNull();
  });
});

describe("unknown API keys", () => {
  const call = (secret: string, ip = "192.0.2.1") =>
    openCtx({
      deps: stack.deps,
      headers: new Headers({ authorization: `Bearer ${secret}`, [ADDRESS_HEADER]: ip }),
    }).then(
      ({ ctx }) => (ctx.principal ? "known" : "unknown"),
      (error) => error.code,
    );

  it("may be tried thirty times in a minute from one address, and keys in use work on", async () => {
    expect(await call(ENV_KEY)).toBe("known");
    const guesses = [];
    for (let i = 0; i < 35; i++) guesses.push(await call(`guess-${i}`));
    expect(guesses).toEqual([...Array(30).fill("unknown"), ...Array(5).fill("rate_limited")]);
    expect(await call(ENV_KEY)).toBe("known");
    expect(await call("guess-99", "198.51.100.1")).toBe("unknown");
  });

  it("are told when to come back", async () => {
    for (let i = 0; i < 30; i++) await call(`guess-${i}`);
    const refused = openCtx({
      deps: stack.deps,
      headers: new Headers({ authorization: "Bearer guess-99", [ADDRESS_HEADER]: "192.0.2.1" }),
    });
    await expect(refused).rejects.toMatchObject({ code: "rate_limited", details: { retryAfterSeconds: 60 } });
  });

  it("that are the same one again and again are no guesses", async () => {
    for (let i = 0; i < 200; i++) expect(await call("old-key")).toBe("unknown");
    for (let i = 0; i < 100; i++) await call("old-key");
    expect(await call("old-key")).toBe("rate_limited");
  });

  it("are those that were revoked too, in use or not", async () => {
    const { secret, keyId } = await createApiKey({ ctx: stack.ctx(ADMIN), input: { name: "k", rights: ["read"] } });
    expect(await call(secret)).toBe("known");
    await revokeApiKey({ ctx: stack.ctx(ADMIN), input: { keyId } });
    expect(await call(secret)).toBe("unknown");
    for (let i = 0; i < 30; i++) await call(`guess-${i}`);
    expect(await call(secret)).toBe("rate_limited");
  });
});

describe("closed sign-up", () => {
  it.each([
    ["nobody", null, "unauthenticated"],
    ["a viewer", { ...ADMIN, role: "viewer" as const }, "forbidden"],
    ["an operator", { ...ADMIN, role: "operator" as const }, "forbidden"],
  ])("does not let %s make an account", async (_, principal, code) => {
    const input = { email: EMAIL, name: "Ann", role: "viewer" as const, password: PASSWORD };
    await expect(createUser({ ctx: stack.ctx(principal), input })).rejects.toMatchObject({ code });
  });

  it("gives an e-mail to one of two at once", async () => {
    const both = await Promise.allSettled([addUser(), addUser()]);
    expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("keeps the last admin", async () => {
    const boss = await addUser("admin", "boss@example.com");
    await addUser();
    const ctx = stack.ctx(ADMIN);
    const changes = [{ role: "viewer" as const }, { disabled: true }];
    for (const change of changes) {
      const input = { userId: boss.userId, ...change };
      await expect(updateUser({ ctx, input })).rejects.toMatchObject({ code: "conflict" });
    }
    await expect(deleteUser({ ctx, input: { userId: boss.userId } })).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("the first admin", () => {
  const claim = (token = SETUP_TOKEN, email = EMAIL) =>
    setup({ ctx: stack.ctx(), input: { token, email, password: PASSWORD }, browser: BROWSER });

  it("is made once with the setup token, and is signed in", async () => {
    await expect(setupStatus({ ctx: stack.ctx(), input: { token: SETUP_TOKEN } })).resolves.toEqual({ needed: true });
    const { token, principal } = await claim();
    expect(principal.role).toBe("admin");
    expect((await withCookie(token)).ctx.principal?.email).toBe(EMAIL);
    await expect(claim(SETUP_TOKEN, "second@example.com")).rejects.toMatchObject({ code: "forbidden" });
    await expect(setupStatus({ ctx: stack.ctx(), input: { token: SETUP_TOKEN } })).resolves.toEqual({ needed: false });
  });

  it("is one, however many try at once", async () => {
    const emails = ["a@example.com", "b@example.com", "c@example.com", "d@example.com"];
    const all = await Promise.allSettled(emails.map((email) => claim(SETUP_TOKEN, email)));
    expect(all.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  });

  it("is not made with another token", async () => {
    await expect(claim(`${SETUP_TOKEN}x`)).rejects.toMatchObject({ code: "forbidden" });
    await expect(setupStatus({ ctx: stack.ctx(), input: { token: "" } })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("is not made anew after a wiped Redis", async () => {
    await claim();
    await stack.wipe();
    await expect(claim(SETUP_TOKEN, "thief@example.com")).rejects.toMatchObject({ code: "forbidden" });
    await expect(enter()).resolves.toMatchObject({ principal: { email: EMAIL } });
  });

  it("comes from the environment once, whichever process starts first", async () => {
    const given = { deps: stack.deps, email: "Boss@Example.com", password: PASSWORD };
    const made = await Promise.all([ensureFirstAdmin(given), ensureFirstAdmin(given)]);
    expect(made.filter(Boolean)).toHaveLength(1);
    await expect(ensureFirstAdmin(given)).resolves.toBe(false);
    await expect(enter(PASSWORD, "boss@example.com")).resolves.toMatchObject({ principal: { role: "admin" } });
  });
});

describe("sessions", () => {
  it("are listed with the caller's own marked, and end one by one", async () => {
    await addUser();
    const first = await enter();
    const second = await enter();
    const { ctx, session } = await withCookie(first.token);
    const { items } = await listSessions({ ctx, session });
    expect(items.map((one) => [one.sessionId, one.current])).toEqual(
      expect.arrayContaining([
        [first.session.id, true],
        [second.session.id, false],
      ]),
    );
    await revokeSession({ ctx, session, input: { sessionId: second.session.id } });
    expect((await withCookie(second.token)).ctx.principal).toBeNull();
    expect((await withCookie(first.token)).ctx.principal).not.toBeNull();
  });

  it("that are opened at once are all ended together", async () => {
    await addUser();
    const own = await enter();
    const others = await Promise.all([enter(), enter(), enter()]);
    const { ctx, session } = await withCookie(own.token);
    await expect(revokeSession({ ctx, session, input: {} })).resolves.toEqual({ ended: 3 });
    for (const { token } of others) expect((await withCookie(token)).ctx.principal).toBeNull();
  });

  it("of somebody else are not found", async () => {
    await addUser();
    await addUser("viewer", "eve@example.com");
    const ann = await enter();
    const eve = await enter(PASSWORD, "eve@example.com");
    const { ctx, session } = await withCookie(eve.token);
    const input = { sessionId: ann.session.id };
    await expect(revokeSession({ ctx, session, input })).rejects.toMatchObject({ code: "not_found" });
    expect((await withCookie(ann.token)).ctx.principal).not.toBeNull();
  });

  it("end at the sign-out", async () => {
    await addUser();
    const { token } = await enter();
    await signOut(await withCookie(token));
    expect((await withCookie(token)).ctx.principal).toBeNull();
  });

  it("other than the own one end with a new password", async () => {
    await addUser();
    const own = await enter();
    const other = await enter();
    const call = await withCookie(own.token);
    const wrong = { currentPassword: "wrong", newPassword: "a new password" };
    await expect(changePassword({ ...call, input: wrong })).rejects.toMatchObject({ code: "validation_failed" });
    await changePassword({ ...call, input: { currentPassword: PASSWORD, newPassword: "a new password" } });
    expect((await withCookie(own.token)).ctx.principal).not.toBeNull();
    expect((await withCookie(other.token)).ctx.principal).toBeNull();
    await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(enter("a new password")).resolves.toBeDefined();
  });
});

describe("API keys", () => {
  it("are shown once, kept as a hash, and carry their rights", async () => {
    const ctx = stack.ctx(ADMIN);
    const { secret, keyId } = await createApiKey({ ctx, input: { name: "ci", rights: ["read"] } });
    expect((await withKey(secret)).ctx.principal).toMatchObject({ role: "service", via: "api_key", scopes: ["read"] });
    expect(JSON.stringify(await stack.documents())).not.toContain(secret);
    const { items } = await listApiKeys({ ctx });
    expect(items).toHaveLength(1);
    expect(items[0]?.lastUsedAt).not.toBeNull();
    expect(JSON.stringify(items)).not.toContain(secret);
    await revokeApiKey({ ctx, input: { keyId } });
    expect((await withKey(secret)).ctx.principal).toBeNull();
  });

  it("end at their time", async () => {
    const expiresAt = stack.deps.clock.now() + 60_000;
    const { secret } = await createApiKey({
      ctx: stack.ctx(ADMIN),
      input: { name: "ci", rights: ["read"], expiresAt },
    });
    expect((await withKey(secret)).ctx.principal).not.toBeNull();
    stack.later(60_001);
    expect((await withKey(secret)).ctx.principal).toBeNull();
  });

  it("of the environment has every right", async () => {
    expect((await withKey(ENV_KEY)).ctx.principal).toMatchObject({ role: "service", scopes: ["admin"] });
    expect((await withKey(`${ENV_KEY}x`)).ctx.principal).toBeNull();
  });

  it("that are wrong are not mended by a good cookie", async () => {
    await addUser();
    const { token } = await enter();
    const headers = new Headers({ authorization: "Bearer wrong", cookie: `${SESSION_COOKIE}=${token}` });
    expect((await openCtx({ deps: stack.deps, headers })).ctx.principal).toBeNull();
  });
});

describe("a wiped Redis", () => {
  it("gets users and keys back from ClickHouse, less those that were deleted, without sessions", async () => {
    const gone = await addUser("viewer", "gone@example.com");
    await addUser("admin");
    const { token } = await enter();
    const ctx = stack.ctx(ADMIN);
    const { secret } = await createApiKey({ ctx, input: { name: "ci", rights: ["write"] } });
    await deleteUser({ ctx, input: { userId: gone.userId } });
    await stack.wipe();
    expect(await restoreAccess({ deps: stack.deps })).toBe(3);
    await expect(enter()).resolves.toMatchObject({ principal: { role: "admin" } });
    await expect(enter(PASSWORD, "gone@example.com")).rejects.toMatchObject({ code: "unauthenticated" });
    expect((await withKey(secret)).ctx.principal).toMatchObject({ scopes: ["write"] });
    expect((await withCookie(token)).ctx.principal).toBeNull();
  });

  it("that was not wiped is left alone", async () => {
    await addUser();
    expect(await restoreAccess({ deps: stack.deps })).toBe(0);
  });

  it("is filled by the first request, and does not open the setup again", async () => {
    await addUser("admin");
    const { secret } = await createApiKey({ ctx: stack.ctx(ADMIN), input: { name: "ci", rights: ["write"] } });
    await stack.wipe();
    expect((await withKey(secret)).ctx.principal).toMatchObject({ scopes: ["write"] });
    await stack.wipe();
    await expect(enter()).resolves.toMatchObject({ principal: { role: "admin" } });
    await stack.wipe();
    expect(await setupStatus({ ctx: stack.ctx(), input: { token: SETUP_TOKEN } })).toEqual({ needed: false });
    await stack.wipe();
    await expect(addUser()).rejects.toMatchObject({ code: "conflict" });
  });

  it("is an error while ClickHouse is away: nobody is told that a good password or key is wrong", async () => {
    await addUser("admin");
    const { secret } = await createApiKey({ ctx: stack.ctx(ADMIN), input: { name: "ci", rights: ["write"] } });
    await stack.wipe();
    stack.loseClickHouse(true);
    const away = { code: "clickhouse_unavailable" };
    await expect(enter()).rejects.toMatchObject(away);
    await expect(withKey(secret)).rejects.toMatchObject(away);
    await expect(setupStatus({ ctx: stack.ctx(), input: { token: SETUP_TOKEN } })).rejects.toMatchObject(away);
    expect((await withKey(ENV_KEY)).ctx.principal).toMatchObject({ scopes: ["admin"] });
    stack.loseClickHouse(false);
    await expect(enter()).resolves.toMatchObject({ principal: { role: "admin" } });
  });
});

describe("a Redis that is back without its last writes", () => {
  it("forgets a revocation, a block and a new password only until it is compared with ClickHouse", async () => {
    const { userId } = await addUser("viewer");
    const ctx = stack.ctx(ADMIN);
    await addUser("admin", "root@example.com");
    const key = await createApiKey({ ctx, input: { name: "ci", rights: ["write"] } });
    const { redis, prefix } = stack;
    const names = await redis.keys(`${prefix}{accounts}:*`);
    const dumps = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
    await revokeApiKey({ ctx, input: { keyId: key.keyId } });
    await updateUser({ ctx, input: { userId, password: "another horse" } });
    for (const [i, name] of names.entries()) await redis.restore(name, 0, dumps[i] as Buffer, "REPLACE");
    expect((await withKey(key.secret)).ctx.principal).not.toBeNull();
    expect(await restoreAccess({ deps: stack.deps })).toBe(2);
    expect((await withKey(key.secret)).ctx.principal).toBeNull();
    await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(enter("another horse")).resolves.toBeDefined();
  });
});

describe("ClickHouse away", () => {
  const away = { code: "clickhouse_unavailable" };

  it("refuses a new user and a new key and keeps nothing of them", async () => {
    stack.loseClickHouse(true);
    await expect(addUser()).rejects.toMatchObject(away);
    await expect(
      createApiKey({ ctx: stack.ctx(ADMIN), input: { name: "ci", rights: ["read"] } }),
    ).rejects.toMatchObject(away);
    stack.loseClickHouse(false);
    await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
    // The key of the environment is in force beside those that are made here.
    expect(await listApiKeys({ ctx: stack.ctx(ADMIN) })).toEqual({ items: [], environmentKey: true });
    await expect(addUser()).resolves.toBeDefined();
  });

  it("does not hold up a revocation or a block, and is told of them later", async () => {
    const { userId } = await addUser("viewer");
    const ctx = stack.ctx(ADMIN);
    await addUser("admin", "root@example.com");
    const key = await createApiKey({ ctx, input: { name: "ci", rights: ["write"] } });
    stack.loseClickHouse(true);
    await expect(revokeApiKey({ ctx, input: { keyId: key.keyId } })).rejects.toMatchObject(away);
    await expect(updateUser({ ctx, input: { userId, disabled: true } })).rejects.toMatchObject(away);
    for (let lost = 0; lost < 2; lost += 1) {
      expect((await withKey(key.secret)).ctx.principal).toBeNull();
      await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
      stack.loseClickHouse(false);
      await stack.wipe();
    }
  });
});

it("two changes of one user at the same moment both hold", async () => {
  const { userId } = await addUser("viewer");
  await addUser("admin", "root@example.com");
  const ctx = stack.ctx(ADMIN);
  await Promise.all([
    updateUser({ ctx, input: { userId, name: "Bea" } }),
    updateUser({ ctx, input: { userId, role: "operator" } }),
  ]);
  expect(await updateUser({ ctx, input: { userId } })).toMatchObject({ name: "Bea", role: "operator" });
});
