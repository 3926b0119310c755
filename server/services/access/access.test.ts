import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSharedState } from "~/server/adapters/redis/shared-state/shared-state";
import { RIGHTS, RIGHTS_OF_ROLE, type Right, type Role } from "~/server/domain/rights";
import { newLeaseToken } from "~/server/lease-token";
import { type AccessStack, ADMIN, accessRedis, ENV_KEY, SETUP_TOKEN } from "~/server/testing/access-deps";
import { signIn } from "~/server/testing/sign-in";
import { tokenOf } from "./identity/identities";
import {
  type Browser,
  changePassword,
  createApiKey,
  createUser,
  deleteUser,
  ensureFirstAdmin,
  isFirstAccountMissing,
  listApiKeys,
  listSessions,
  listUsers,
  openCtx,
  restoreAccess,
  revokeApiKey,
  revokeSession,
  SESSION_COOKIE,
  SESSION_MS,
  setup,
  setupStatus,
  signOut,
  updateUser,
} from "./index";
import { ADDRESS_HEADER } from "./request-headers";

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

const addUser = (role: Role = "editor", email = EMAIL) =>
  createUser({ ctx: stack.ctx(ADMIN), input: { email, name: "Ann", role, password: PASSWORD } });
const enter = (password = PASSWORD, email = EMAIL, browser = BROWSER) =>
  signIn({ ctx: stack.ctx(), input: { email, password }, browser });
const withCookie = (token: string) =>
  openCtx({ deps: stack.deps, headers: new Headers({ cookie: `theme=dark; ${SESSION_COOKIE}=${token}` }) });
const withKey = (secret: string) =>
  openCtx({ deps: stack.deps, headers: new Headers({ authorization: `Bearer ${secret}` }) });

describe("sign-in", () => {
  it("opens a session that the cookie resolves to the user", async () => {
    await addUser();
    const { token } = await enter();
    const { ctx } = await withCookie(token);
    expect(ctx.principal).toMatchObject({ email: EMAIL, role: "editor", via: "session" });
  });

  it("keeps neither the token nor the password in Redis", async () => {
    await addUser();
    const { token } = await enter();
    const keys = await stack.redis.keys(`${stack.prefix}*`);
    const dump = await Promise.all(keys.map(async (key) => key + (await stack.redis.dump(key))));
    expect(keys.length).toBeGreaterThan(3);
    expect(dump.join()).not.toContain(tokenOf(token));
    expect(dump.join()).not.toContain(PASSWORD);
  });

  it.each([
    ["a wrong password", "wrong password", EMAIL],
    ["an unknown e-mail", PASSWORD, "nobody@example.com"],
  ])("refuses %s with the same message", async (_, password, email) => {
    await addUser();
    await expect(enter(password, email)).rejects.toMatchObject({
      code: "unauthenticated",
      message: "The e-mail address or the password is wrong.",
    });
  });

  it("makes a caller wait after failures, even with the right password, and returns the wait", async () => {
    await addUser();
    for (let i = 0; i < 5; i++) await expect(enter("wrong")).rejects.toMatchObject({ code: "unauthenticated" });
    // Sent concurrently, because the wait after the sixth failure is only one second.
    const [sixth, seventh] = await Promise.allSettled([enter("wrong"), enter()]);
    expect(sixth).toMatchObject({ reason: { code: "unauthenticated" } });
    expect(seventh).toMatchObject({ reason: { code: "rate_limited", details: { retryAfterSeconds: 1 } } });
  });

  it("admits the right password from a network that does not take part in an attack from many networks", async () => {
    await addUser();
    const from = (i: number) => ({ ...BROWSER, ip: `10.0.${i}.1` });
    const attack = (networks: number) =>
      Promise.all(
        Array.from({ length: networks }, (_, i) => enter("wrong", EMAIL, from(i)).catch((error) => error.code)),
      );
    const first = await attack(40);
    // One attempt of each network, and then each waits by itself.
    expect(first.filter((code) => code === "unauthenticated")).toHaveLength(40);
    const twice = (i: number) =>
      [from(i), from(i)].map((browser) => enter("wrong", EMAIL, browser).catch((e) => e.code));
    expect(
      (await Promise.all([39, 38, 37].flatMap(twice))).filter((code) => code === "rate_limited").length,
    ).toBeGreaterThan(2);
    const owner = { ...BROWSER, ip: "198.51.100.7" };
    await expect(enter(PASSWORD, EMAIL, owner)).resolves.toMatchObject({ principal: { email: EMAIL } });
    const again = { ...BROWSER, ip: "2001:db8:7::1" };
    await expect(enter(PASSWORD, EMAIL, again)).resolves.toMatchObject({ principal: { email: EMAIL } });
  });

  it("checks only a few of many concurrent passwords", async () => {
    await addUser();
    const all = await Promise.all(Array.from({ length: 40 }, () => enter("wrong").catch((error) => error.code)));
    // Five free failures, and the sixth, which starts the first wait.
    expect(all.filter((code) => code === "unauthenticated")).toHaveLength(6);
  });

  it("admits a browser that signed in before while others try from many addresses", async () => {
    await addUser();
    const { device } = await enter();
    const from = (i: number) => ({ ...BROWSER, ip: `198.51.100.${i}` });
    const tries = await Promise.all(
      Array.from({ length: 130 }, (_, i) => enter("wrong", EMAIL, from(i)).catch((error) => error.code)),
    );
    // Twenty free failures of the account in this network, and the failure that starts the first wait.
    expect(tries.filter((code) => code === "unauthenticated").length).toBeLessThanOrEqual(21);
    // Two concurrent attempts: at most one of them is admitted, however much time has passed.
    const others = [from(201), { ...from(202), device: `${device}x` }].map((browser) =>
      enter("wrong", EMAIL, browser).catch((error) => error.code),
    );
    await expect(enter(PASSWORD, EMAIL, { ...from(200), device })).resolves.toMatchObject({ device });
    expect(await Promise.all(others)).toContain("rate_limited");
  });

  it("knows a browser only for users who signed in with it, and limits it by its own failures", async () => {
    await addUser();
    await addUser("viewer", "eve@example.com");
    const eve = await enter(PASSWORD, "eve@example.com");
    const evesBrowser = { ...BROWSER, device: eve.device };
    const unknownBrowserAttempts = Array.from({ length: 7 }, () =>
      enter("wrong", EMAIL, evesBrowser).catch((error) => error.code),
    );
    expect((await Promise.all(unknownBrowserAttempts)).at(-1)).toBe("rate_limited");
    const elsewhere = { ...evesBrowser, ip: "198.51.100.1" };
    await expect(enter(PASSWORD, EMAIL, elsewhere)).resolves.toMatchObject({ device: eve.device });
    const knownBrowserAttempts = Array.from({ length: 10 }, () =>
      enter("wrong", EMAIL, elsewhere).catch((error) => error.code),
    );
    // Eight free failures of a known browser, and the ninth, which starts the first wait.
    expect(await Promise.all(knownBrowserAttempts)).toEqual([...Array(9).fill("unauthenticated"), "rate_limited"]);
  });

  it("counts the addresses of one IPv6 network together, and stores no text from the caller in its keys", async () => {
    const from = (i: number) => ({ ...BROWSER, ip: `2001:db8::${i}` });
    const tries = [1, 2, 3, 4, 5, 6, 7].map((i) => enter("wrong", EMAIL, from(i)).catch((error) => error.code));
    expect((await Promise.all(tries)).at(-1)).toBe("rate_limited");
    const keys = await stack.redis.keys(`${stack.prefix}*limit*`);
    expect(keys.length).toBeGreaterThan(2);
    expect(keys.filter((key) => key.includes(EMAIL) || key.length > 200)).toEqual([]);
  });

  it("admits the same user from another address", async () => {
    await addUser();
    for (let i = 0; i < 9; i++) await enter("wrong").catch(() => undefined);
    const elsewhere = { ...BROWSER, ip: "198.51.100.7" };
    await expect(enter(PASSWORD, EMAIL, elsewhere)).resolves.toMatchObject({ principal: { email: EMAIL } });
  });

  it("counts in Redis for all processes", async () => {
    await addUser();
    for (let i = 0; i < 5; i++) await enter("wrong").catch(() => undefined);
    const sixth = enter("wrong").catch(() => undefined);
    // A second shared state stands for another process, without this process's memory.
    const deps = { ...stack.deps, ...createSharedState({ ...stack, newHolder: newLeaseToken }) };
    const input = { email: EMAIL, password: PASSWORD };
    const elsewhere = signIn({ ctx: { ...stack.ctx(), deps }, input, browser: BROWSER });
    await expect(elsewhere).rejects.toMatchObject({ code: "rate_limited" });
    await sixth;
  });

  it("does not count successful sign-ins", async () => {
    await addUser();
    for (let i = 0; i < 10; i++) await enter();
    await expect(enter()).resolves.toBeDefined();
  });

  it("refuses a disabled user immediately and ends their sessions", async () => {
    const user = await addUser();
    const { token } = await enter();
    await addUser("admin", "boss@example.com");
    await updateUser({ ctx: stack.ctx(ADMIN), input: { userId: user.userId, disabled: true } });
    expect((await withCookie(token)).ctx.principal).toBeNull();
    await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("ends a session after its lifetime", async () => {
    await addUser();
    const { token } = await enter();
    stack.advanceClock(SESSION_MS + 1);
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

  it("are limited to thirty per minute and address, while known keys still work", async () => {
    expect(await call(ENV_KEY)).toBe("known");
    const guesses = [];
    for (let i = 0; i < 35; i++) guesses.push(await call(`guess-${i}`));
    expect(guesses).toEqual([...Array(30).fill("unknown"), ...Array(5).fill("rate_limited")]);
    expect(await call(ENV_KEY)).toBe("known");
    expect(await call("guess-99", "198.51.100.1")).toBe("unknown");
  });

  it("get Retry-After beyond the limit", async () => {
    for (let i = 0; i < 30; i++) await call(`guess-${i}`);
    const refused = openCtx({
      deps: stack.deps,
      headers: new Headers({ authorization: "Bearer guess-99", [ADDRESS_HEADER]: "192.0.2.1" }),
    });
    await expect(refused).rejects.toMatchObject({ code: "rate_limited", details: { retryAfterSeconds: 60 } });
  });

  it("cost less if the same key is repeated", async () => {
    // The first costs 10 of the 300 points per minute, each repeat 1.
    for (let i = 0; i < 200; i++) expect(await call("old-key")).toBe("unknown");
    for (let i = 0; i < 100; i++) await call("old-key");
    expect(await call("old-key")).toBe("rate_limited");
  });

  it("include revoked keys, also if they were in use", async () => {
    const { secret, keyId } = await createApiKey({
      ctx: stack.ctx(ADMIN),
      input: { name: "k", rights: ["schedules:read"] },
    });
    expect(await call(secret)).toBe("known");
    await revokeApiKey({ ctx: stack.ctx(ADMIN), input: { keyId } });
    expect(await call(secret)).toBe("unknown");
    for (let i = 0; i < 30; i++) await call(`guess-${i}`);
    expect(await call(secret)).toBe("rate_limited");
  });
});

describe("closed sign-up", () => {
  it.each([
    ["an anonymous caller", null, "unauthenticated"],
    ["a viewer", { ...ADMIN, role: "viewer" as const }, "forbidden"],
    ["an operator", { ...ADMIN, role: "operator" as const }, "forbidden"],
    ["an editor", { ...ADMIN, role: "editor" as const }, "forbidden"],
  ])("does not let %s create an account", async (_, principal, code) => {
    const input = { email: EMAIL, name: "Ann", role: "viewer" as const, password: PASSWORD };
    await expect(createUser({ ctx: stack.ctx(principal), input })).rejects.toMatchObject({ code });
  });

  it("creates one of two concurrent accounts with the same e-mail address", async () => {
    const both = await Promise.allSettled([addUser(), addUser()]);
    expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("refuses to remove the last admin", async () => {
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

  it("lets a caller without a session change and delete users before there is an admin", async () => {
    const { userId } = await addUser("viewer");
    const ctx = stack.ctx(ADMIN);
    expect(await updateUser({ ctx, input: { userId, role: "operator" } })).toMatchObject({ role: "operator" });
    expect(await updateUser({ ctx, input: { userId, disabled: true } })).toMatchObject({ disabled: true });
    await expect(deleteUser({ ctx, input: { userId } })).resolves.toEqual({ userId });
  });
});

describe("the first admin", () => {
  const setUp = (token = SETUP_TOKEN, email = EMAIL) =>
    setup({ ctx: stack.ctx(), input: { token, email, password: PASSWORD }, browser: BROWSER });

  it("is created once with the setup token and signed in", async () => {
    await expect(setupStatus({ ctx: stack.ctx(), input: { token: SETUP_TOKEN } })).resolves.toEqual({ needed: true });
    const { token, principal } = await setUp();
    expect(principal.role).toBe("admin");
    expect((await withCookie(token)).ctx.principal?.email).toBe(EMAIL);
    await expect(setUp(SETUP_TOKEN, "second@example.com")).rejects.toMatchObject({ code: "forbidden" });
    await expect(setupStatus({ ctx: stack.ctx(), input: { token: SETUP_TOKEN } })).resolves.toEqual({ needed: false });
  });

  it("is missing for everybody until it is created", async () => {
    const isMissing = () => isFirstAccountMissing({ ctx: stack.ctx() });
    expect(await isMissing()).toBe(true);
    await setUp();
    expect(await isMissing()).toBe(false);
  });

  it("is created once by concurrent requests", async () => {
    const emails = ["a@example.com", "b@example.com", "c@example.com", "d@example.com"];
    const all = await Promise.allSettled(emails.map((email) => setUp(SETUP_TOKEN, email)));
    expect(all.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  });

  it("is not created with another token", async () => {
    await expect(setUp(`${SETUP_TOKEN}x`)).rejects.toMatchObject({ code: "forbidden" });
    await expect(setupStatus({ ctx: stack.ctx(), input: { token: "" } })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("is not created again after a wipe of Redis", async () => {
    await setUp();
    await stack.wipe();
    await expect(setUp(SETUP_TOKEN, "thief@example.com")).rejects.toMatchObject({ code: "forbidden" });
    await expect(enter()).resolves.toMatchObject({ principal: { email: EMAIL } });
  });

  it("is created once from the environment by concurrent processes", async () => {
    const input = { deps: stack.deps, email: "Boss@Example.com", password: PASSWORD };
    const created = await Promise.all([ensureFirstAdmin(input), ensureFirstAdmin(input)]);
    expect(created.filter(Boolean)).toHaveLength(1);
    await expect(ensureFirstAdmin(input)).resolves.toBe(false);
    await expect(enter(PASSWORD, "boss@example.com")).resolves.toMatchObject({ principal: { role: "admin" } });
  });
});

describe("sessions", () => {
  it("are listed with the current one marked, and can be revoked one by one", async () => {
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

  it("that were opened concurrently can all be revoked", async () => {
    await addUser();
    const current = await enter();
    const others = await Promise.all([enter(), enter(), enter()]);
    const { ctx, session } = await withCookie(current.token);
    await expect(revokeSession({ ctx, session, input: {} })).resolves.toEqual({ ended: 3 });
    for (const { token } of others) expect((await withCookie(token)).ctx.principal).toBeNull();
  });

  it("of another user are not found", async () => {
    await addUser();
    await addUser("viewer", "eve@example.com");
    const ann = await enter();
    const eve = await enter(PASSWORD, "eve@example.com");
    const { ctx, session } = await withCookie(eve.token);
    const input = { sessionId: ann.session.id };
    await expect(revokeSession({ ctx, session, input })).rejects.toMatchObject({ code: "not_found" });
    expect((await withCookie(ann.token)).ctx.principal).not.toBeNull();
  });

  it("end with the sign-out", async () => {
    await addUser();
    const { token } = await enter();
    await signOut(await withCookie(token));
    expect((await withCookie(token)).ctx.principal).toBeNull();
    const entries = (await stack.documents()).filter(({ kind }) => kind === "a").map(({ json }) => JSON.parse(json));
    expect(entries.at(-1)).toMatchObject({ action: "session.close", targetName: EMAIL });
  });

  it("except the current one end with a password change", async () => {
    await addUser();
    const current = await enter();
    const other = await enter();
    const call = await withCookie(current.token);
    const wrong = { currentPassword: "wrong", newPassword: "a new password" };
    await expect(changePassword({ ...call, input: wrong })).rejects.toMatchObject({ code: "validation_failed" });
    await changePassword({ ...call, input: { currentPassword: PASSWORD, newPassword: "a new password" } });
    expect((await withCookie(current.token)).ctx.principal).not.toBeNull();
    expect((await withCookie(other.token)).ctx.principal).toBeNull();
    await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(enter("a new password")).resolves.toBeDefined();
  });
});

it("accounts of a release with three roles keep their rights, and that release can read newer accounts", async () => {
  await addUser("admin", "boss@example.com");
  const { userId } = await addUser("operator");
  const stored = async () => JSON.parse((await stack.deps.hot.copiedOne("u", `user:${userId}`)).json as string);
  // The former operator could create and edit, which the operator of today cannot.
  expect((await stored()).value).toMatchObject({ role: "viewer", roles: ["operator"] });
  const { roles: _, ...value } = { ...(await stored()).value, role: "operator" };
  const version = value.version + 1;
  const json = JSON.stringify({ ...(await stored()), version, value: { ...value, version } });
  const index = `email:${EMAIL}`;
  await stack.deps.hot.copyDocuments("u", [{ key: `user:${userId}`, version, deleted: false, index, json }]);
  const { items } = await listUsers({ ctx: stack.ctx(ADMIN) });
  expect(items.find((user) => user.userId === userId)).toMatchObject({ role: "editor" });
  await updateUser({ ctx: stack.ctx(ADMIN), input: { userId, name: "Bea" } });
  expect((await stored()).value).toMatchObject({ role: "operator", roles: ["editor"] });
});

describe("a caller with `users:edit` and `keys:edit` alone", () => {
  const limited = () => {
    const rights: Right[] = ["users:edit", "keys:edit", ...RIGHTS_OF_ROLE.viewer];
    return stack.ctx({ ...ADMIN, role: "service", rights });
  };
  const forbidden = { code: "forbidden", message: expect.stringContaining("You lack") };

  it("cannot give rights that it lacks, to a key or to a user", async () => {
    await addUser("admin", "boss@example.com");
    const ctx = limited();
    await expect(createApiKey({ ctx, input: { name: "k", rights: ["schedules:edit"] } })).rejects.toMatchObject(
      forbidden,
    );
    await expect(createApiKey({ ctx, input: { name: "k", rights: ["schedules:read"] } })).resolves.toBeDefined();
    const user = { email: EMAIL, name: "Ann", password: PASSWORD };
    await expect(createUser({ ctx, input: { ...user, role: "admin" } })).rejects.toMatchObject(forbidden);
    const { userId } = await createUser({ ctx, input: { ...user, role: "viewer" } });
    await expect(updateUser({ ctx, input: { userId, role: "editor" } })).rejects.toMatchObject(forbidden);
    await expect(updateUser({ ctx, input: { userId, name: "Bea" } })).resolves.toMatchObject({ name: "Bea" });
  });

  it("cannot take over or delete the account of somebody with more rights", async () => {
    await addUser("admin", "boss@example.com");
    const { userId } = await addUser("admin");
    const ctx = limited();
    await expect(updateUser({ ctx, input: { userId, password: "another password" } })).rejects.toMatchObject(forbidden);
    await expect(updateUser({ ctx, input: { userId, role: "viewer" } })).rejects.toMatchObject(forbidden);
    await expect(deleteUser({ ctx, input: { userId } })).rejects.toMatchObject(forbidden);
    await expect(enter()).resolves.toBeDefined();
  });
});

describe("API keys", () => {
  it("are shown once, stored as a hash, and have their rights", async () => {
    const ctx = stack.ctx(ADMIN);
    const { secret, keyId } = await createApiKey({ ctx, input: { name: "ci", rights: ["schedules:read"] } });
    expect((await withKey(secret)).ctx.principal).toMatchObject({
      role: "service",
      via: "api_key",
      rights: ["schedules:read"],
    });
    expect(JSON.stringify(await stack.documents())).not.toContain(secret);
    const { items } = await listApiKeys({ ctx });
    expect(items.find((key) => key.keyId === keyId)?.lastUsedAt).toEqual(expect.any(String));
    expect(JSON.stringify(items)).not.toContain(secret);
    await revokeApiKey({ ctx, input: { keyId } });
    expect((await withKey(secret)).ctx.principal).toBeNull();
  });

  it("of a release before single rights keep what their level allowed", async () => {
    const ctx = stack.ctx(ADMIN);
    const { secret, keyId } = await createApiKey({ ctx, input: { name: "old", rights: [...RIGHTS] } });
    const replace = async (rights: string[]) => {
      const { json } = await stack.deps.hot.copiedOne("u", `key:${keyId}`);
      const document = JSON.parse(json as string);
      const { singleRights: _, ...value } = { ...document.value, rights };
      const version = document.version + 1;
      const former = { ...document, version, value: { ...value, version } };
      const index = `hash:${value.hash}`;
      const copy = { key: `key:${keyId}`, version, deleted: false, index, json: JSON.stringify(former) };
      await stack.deps.hot.copyDocuments("u", [copy]);
      return (await withKey(secret)).ctx.principal?.rights;
    };
    expect(await replace(["read"])).toEqual(RIGHTS_OF_ROLE.viewer);
    expect(await replace(["write"])).toEqual(RIGHTS.filter((right) => RIGHTS_OF_ROLE.editor.includes(right)));
    expect(await replace(["read", "write", "admin"])).toEqual(RIGHTS);
  });

  it("expire", async () => {
    const expiresAt = stack.deps.clock.now() + 60_000;
    const { secret } = await createApiKey({
      ctx: stack.ctx(ADMIN),
      input: { name: "ci", rights: ["schedules:read"], expiresAt },
    });
    expect((await withKey(secret)).ctx.principal).not.toBeNull();
    stack.advanceClock(60_001);
    expect((await withKey(secret)).ctx.principal).toBeNull();
  });

  it("from the environment have every right", async () => {
    expect((await withKey(ENV_KEY)).ctx.principal).toMatchObject({ role: "service", rights: RIGHTS });
    expect((await withKey(`${ENV_KEY}x`)).ctx.principal).toBeNull();
  });

  it("that are unknown are refused despite a valid cookie", async () => {
    await addUser();
    const { token } = await enter();
    const headers = new Headers({ authorization: "Bearer wrong", cookie: `${SESSION_COOKIE}=${token}` });
    expect((await openCtx({ deps: stack.deps, headers })).ctx.principal).toBeNull();
  });
});

describe("a wiped Redis", () => {
  it("is filled with users and keys from ClickHouse, without deleted ones and without sessions", async () => {
    const gone = await addUser("viewer", "gone@example.com");
    await addUser("admin");
    const { token } = await enter();
    const ctx = stack.ctx(ADMIN);
    const { secret } = await createApiKey({ ctx, input: { name: "ci", rights: ["schedules:edit"] } });
    await deleteUser({ ctx, input: { userId: gone.userId } });
    await stack.wipe();
    expect(await restoreAccess({ deps: stack.deps })).toBe(3);
    await expect(enter()).resolves.toMatchObject({ principal: { role: "admin" } });
    await expect(enter(PASSWORD, "gone@example.com")).rejects.toMatchObject({ code: "unauthenticated" });
    expect((await withKey(secret)).ctx.principal).toMatchObject({ rights: ["schedules:edit"] });
    expect((await withCookie(token)).ctx.principal).toBeNull();
  });

  it("is not filled if nothing is missing", async () => {
    await addUser();
    expect(await restoreAccess({ deps: stack.deps })).toBe(0);
  });

  it("is filled by the first request, and setup stays closed", async () => {
    await addUser("admin");
    const { secret } = await createApiKey({ ctx: stack.ctx(ADMIN), input: { name: "ci", rights: ["schedules:edit"] } });
    await stack.wipe();
    expect((await withKey(secret)).ctx.principal).toMatchObject({ rights: ["schedules:edit"] });
    await stack.wipe();
    await expect(enter()).resolves.toMatchObject({ principal: { role: "admin" } });
    await stack.wipe();
    expect(await setupStatus({ ctx: stack.ctx(), input: { token: SETUP_TOKEN } })).toEqual({ needed: false });
    await stack.wipe();
    await expect(addUser()).rejects.toMatchObject({ code: "conflict" });
  });

  it("returns an error while ClickHouse is down, instead of refusing valid passwords and keys", async () => {
    await addUser("admin");
    const { secret } = await createApiKey({ ctx: stack.ctx(ADMIN), input: { name: "ci", rights: ["schedules:edit"] } });
    await stack.wipe();
    stack.loseClickHouse(true);
    const unavailable = { code: "clickhouse_unavailable" };
    await expect(enter()).rejects.toMatchObject(unavailable);
    await expect(withKey(secret)).rejects.toMatchObject(unavailable);
    await expect(setupStatus({ ctx: stack.ctx(), input: { token: SETUP_TOKEN } })).rejects.toMatchObject(unavailable);
    expect((await withKey(ENV_KEY)).ctx.principal).toMatchObject({ rights: RIGHTS });
    stack.loseClickHouse(false);
    await expect(enter()).resolves.toMatchObject({ principal: { role: "admin" } });
  });
});

describe("a Redis that lost its last writes", () => {
  it("gets a lost revocation and a lost password change back from ClickHouse", async () => {
    const { userId } = await addUser("viewer");
    const ctx = stack.ctx(ADMIN);
    await addUser("admin", "root@example.com");
    const key = await createApiKey({ ctx, input: { name: "ci", rights: ["schedules:edit"] } });
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

describe("while ClickHouse is down", () => {
  const unavailable = { code: "clickhouse_unavailable" };

  it("a new user and a new key are refused, and nothing is stored", async () => {
    stack.loseClickHouse(true);
    await expect(addUser()).rejects.toMatchObject(unavailable);
    await expect(
      createApiKey({ ctx: stack.ctx(ADMIN), input: { name: "ci", rights: ["schedules:read"] } }),
    ).rejects.toMatchObject(unavailable);
    stack.loseClickHouse(false);
    await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
    // Only the key from the environment is left.
    expect((await listApiKeys({ ctx: stack.ctx(ADMIN) })).items).toMatchObject([{ fromEnvironment: true }]);
    await expect(addUser()).resolves.toBeDefined();
  });

  it("a revocation and a disabled account take effect immediately and survive a wipe of Redis", async () => {
    const { userId } = await addUser("viewer");
    const ctx = stack.ctx(ADMIN);
    await addUser("admin", "root@example.com");
    const key = await createApiKey({ ctx, input: { name: "ci", rights: ["schedules:edit"] } });
    stack.loseClickHouse(true);
    await expect(revokeApiKey({ ctx, input: { keyId: key.keyId } })).rejects.toMatchObject(unavailable);
    await expect(updateUser({ ctx, input: { userId, disabled: true } })).rejects.toMatchObject(unavailable);
    for (let wipes = 0; wipes < 2; wipes += 1) {
      expect((await withKey(key.secret)).ctx.principal).toBeNull();
      await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
      stack.loseClickHouse(false);
      await stack.wipe();
    }
  });
});

it("two concurrent changes of one user both take effect", async () => {
  const { userId } = await addUser("viewer");
  await addUser("admin", "root@example.com");
  const ctx = stack.ctx(ADMIN);
  await Promise.all([
    updateUser({ ctx, input: { userId, name: "Bea" } }),
    updateUser({ ctx, input: { userId, role: "operator" } }),
  ]);
  expect(await updateUser({ ctx, input: { userId } })).toMatchObject({ name: "Bea", role: "operator" });
});
