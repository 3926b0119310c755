import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHotTier } from "~/server/adapters/redis/hot-tier";
import { createSharedState } from "~/server/adapters/redis/shared-state/shared-state";
import { newLeaseToken } from "~/server/lease-token";
import type { Deps } from "~/server/services/ctx";
import { type AccessStack, ADMIN, AUTH_SECRET, accessRedis } from "~/server/testing/access-deps";
import { signIn } from "~/server/testing/sign-in";
import { createUser, openCtx, restoreAccess, revokeSession, SESSION_COOKIE, updateUser } from "../index";
import { newUser } from "../new-user";
import { hashPassword } from "../password";
import { sha256 } from "../secrets";
import { withAuth } from "./auth";
import { cookieSecret, signedValue } from "./cookie-secret";
import { tokenOf } from "./identities";

const EMAIL = "ann@example.com";
const PASSWORD = "correct horse";
const BROWSER = { ip: "192.0.2.1", userAgent: "test", device: null };
const unavailable = { code: "clickhouse_unavailable" };

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;

beforeAll(async () => {
  server = await accessRedis();
});
afterAll(() => server.close());
beforeEach(() => {
  stack = server.stack();
});

/**
 * A user with a password of their own. Linking an account at the provider removes only passwords that others set.
 */
const addUser = async () => {
  const user = await newUser(stack.deps, { email: EMAIL, name: "Ann", role: "editor", password: PASSWORD });
  return { ...user, userId: user.id };
};
const enter = () => signIn({ ctx: stack.ctx(), input: { email: EMAIL, password: PASSWORD }, browser: BROWSER });
const callerOf = async (cookie: string, deps = stack.deps) =>
  (await openCtx({ deps, headers: new Headers({ cookie: `${SESSION_COOKIE}=${cookie}` }) })).ctx.principal;
/** better-auth's own access to its models. */
const store = async <T>(run: (adapter: Adapter) => Promise<T>) => {
  const { result, confirm } = await withAuth({ deps: stack.deps }, async (auth) => run((await auth.$context).adapter));
  await confirm();
  return result;
};
type Auth = Parameters<Parameters<typeof withAuth>[1]>[0];
type Adapter = Awaited<Auth["$context"]>["adapter"];

describe("an installation of a release before better-auth", () => {
  const token = "f".repeat(43);

  /**
   * Writes the account and the session as that release wrote them. `role` is an older field that only earlier releases
   * read; `roles` is the user's role.
   */
  async function write(): Promise<void> {
    const now = Date.now();
    const value = {
      ...{ id: "u1", version: 1, createdAt: now, updatedAt: now, email: EMAIL, name: "Ann", role: "operator" },
      ...{ passwordHash: await hashPassword(PASSWORD), disabled: false, roles: ["editor"] },
    };
    const json = JSON.stringify({ id: "user:u1", version: 1, deleted: false, type: "user", value });
    await stack.deps.store.insertDocuments({
      ...{ token: "1", kind: "u" },
      rows: [{ key: "user:u1", json, version: 1, deleted: false }],
    });
    await restoreAccess({ deps: stack.deps });
    const session = { id: "s1", userId: "u1", createdAt: now, expiresAt: now + 60_000, seenAt: now };
    const stored = JSON.stringify({ ...session, ip: "192.0.2.1", userAgent: "old" });
    await stack.redis.set(`${stack.prefix}{access}:session:${sha256(token)}`, stored, "PX", 60_000);
    await stack.redis.zadd(`${stack.prefix}{access}:sessions:u1`, now + 60_000, sha256(token));
  }

  it("keeps its passwords", async () => {
    await write();
    await expect(enter()).resolves.toMatchObject({ principal: { id: "u1", role: "editor" } });
  });

  it("keeps its sessions, whose cookies have no signature, until they are revoked", async () => {
    await write();
    expect(await callerOf(token)).toMatchObject({ id: "u1", email: EMAIL, role: "editor" });
    const { ctx, session } = await openCtx({
      deps: stack.deps,
      headers: new Headers({ cookie: `${SESSION_COOKIE}=${(await enter()).token}` }),
    });
    await revokeSession({ ctx, session, input: { sessionId: "s1" } });
    expect(await callerOf(token)).toBeNull();
  });

  it("signs its users in without a second factor, until one is required", async () => {
    await write();
    await expect(enter()).resolves.toMatchObject({ principal: { id: "u1", lacksSecondFactor: true } });
    stack.deps.env.requireSecondFactor = true;
    expect(await callerOf(token)).toBeNull();
    const headers = new Headers({ cookie: `${SESSION_COOKIE}=${token}` });
    expect((await openCtx({ deps: stack.deps, headers })).ctx.enrolling).toMatchObject({ id: "u1", email: EMAIL });
  });

  it("can go back: that release finds the password where it was", async () => {
    await write();
    const boss = { email: "boss@example.com", name: "Boss", role: "admin" as const, password: PASSWORD };
    await createUser({ ctx: stack.ctx(ADMIN), input: boss });
    await updateUser({ ctx: stack.ctx({ ...ADMIN, id: "other" }), input: { userId: "u1", name: "Bea" } });
    const { json } = await stack.deps.hot.copiedOne("u", "user:u1");
    expect(JSON.parse(json as string).value).toMatchObject({ role: "operator", passwordHash: expect.any(String) });
  });
});

describe("a session cookie", () => {
  it("is refused without its signature, or with another", async () => {
    await addUser();
    const { token } = await enter();
    expect(await callerOf(token)).not.toBeNull();
    expect(token).toBe(signedValue(AUTH_SECRET, tokenOf(token)));
    for (const forged of [tokenOf(token), signedValue("x".repeat(32), tokenOf(token)), `${tokenOf(token)}.`]) {
      expect(await callerOf(forged)).toBeNull();
    }
  });

  it("cannot be made from what Redis has", async () => {
    await addUser();
    const { token } = await enter();
    const hash = sha256(tokenOf(token));
    expect(await stack.redis.exists(`${stack.prefix}{access}:session:${hash}`)).toBe(1);
    for (const value of [hash, `active-sessions-${ADMIN.id}`]) {
      expect(await callerOf(signedValue(AUTH_SECRET, value))).toBeNull();
    }
  });
});

describe("a session that better-auth ends", () => {
  it("stays ended if better-auth writes it afterwards", async () => {
    await addUser();
    const { token } = await enter();
    const raw = tokenOf(token);
    const write = withAuth({ deps: stack.deps }, async (auth) => {
      const { internalAdapter } = await auth.$context;
      const stored = await stack.deps.sessions.read(sha256(raw));
      const secondary = auth.options.secondaryStorage;
      const copy = (await secondary?.get(raw)) as string;
      await internalAdapter.deleteSession(raw);
      await secondary?.set(raw, copy, 3600);
      return stored;
    });
    expect((await write).result).not.toBeNull();
    expect(await callerOf(token)).toBeNull();
  });

  it("ends alone, but all sessions of the user end if better-auth ends all of them", async () => {
    const { userId } = await addUser();
    const [first, second, third] = [await enter(), await enter(), await enter()];
    const internal = <T>(run: (adapter: Awaited<Auth["$context"]>["internalAdapter"]) => Promise<T>) =>
      withAuth({ deps: stack.deps }, async (auth) => run((await auth.$context).internalAdapter));
    await internal((adapter) => adapter.deleteSession(tokenOf(first.token)));
    expect([await callerOf(first.token), await callerOf(second.token)]).toEqual([null, expect.anything()]);
    const { result } = await internal((adapter) => adapter.listSessions(userId));
    expect(result.map((one) => one.id).sort()).toEqual([second.session.id, third.session.id].sort());
    await internal((adapter) => adapter.deleteUserSessions(userId));
    expect([await callerOf(second.token), await callerOf(third.token)]).toEqual([null, null]);
  });
});

describe("the store of better-auth's models", () => {
  const link = (userId: string) => ({ userId, providerId: "oidc", accountId: "subject-1", scope: "openid" });

  it("finds, changes and removes rows, and keeps them through a loss of Redis", async () => {
    const { userId } = await addUser();
    const { id } = await store((adapter) => adapter.create({ model: "account", data: link(userId) }));
    await store((adapter) =>
      adapter.update({ model: "account", where: [{ field: "id", value: id }], update: { scope: "openid groups" } }),
    );
    await stack.wipe();
    const where = [
      { field: "providerId", value: "oidc" },
      { field: "accountId", value: "subject-1" },
    ];
    const found = await store((adapter) => adapter.findMany<{ scope: string }>({ model: "account", where }));
    expect(found).toMatchObject([{ id, userId, scope: "openid groups" }]);
    expect(await store((adapter) => adapter.count({ model: "account" }))).toBe(2);
    await store((adapter) => adapter.delete({ model: "account", where: [{ field: "id", value: id }] }));
    await stack.wipe();
    expect(await store((adapter) => adapter.findMany({ model: "account", where }))).toEqual([]);
    await expect(enter()).resolves.toMatchObject({ principal: { id: userId } });
  });

  it("creates one of two concurrent users with the same e-mail address", async () => {
    const data = { email: EMAIL, name: "Ann", role: "viewer", emailVerified: true, disabled: false };
    const create = () => store((adapter) => adapter.create({ model: "user", data }));
    const both = await Promise.allSettled([create(), create()]);
    expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((one) => one.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  });

  it("loses no row to a concurrent change of the same user", async () => {
    const { userId } = await addUser();
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        store((adapter) => adapter.create({ model: "account", data: { ...link(userId), accountId: `s${i}` } })),
      ),
    );
    // The password and the eight new rows.
    expect(await store((adapter) => adapter.count({ model: "account" }))).toBe(9);
  });

  it("applies a change while ClickHouse is down, but does not confirm it", async () => {
    const { userId } = await addUser();
    stack.loseClickHouse(true);
    const creating = store((adapter) => adapter.create({ model: "account", data: link(userId) }));
    await expect(creating).rejects.toMatchObject(unavailable);
    // The password and the new row.
    expect(await store((adapter) => adapter.count({ model: "account" }))).toBe(2);
  });

  it("does not delete users, because that would bypass the rule of the last admin", async () => {
    const { userId } = await addUser();
    const where = [{ field: "id", value: userId }];
    await expect(store((adapter) => adapter.delete({ model: "user", where }))).rejects.toThrow("deleteUser");
  });

  it("reports the error of a store that better-auth swallows", async () => {
    await addUser();
    const { token } = await enter();
    await stack.wipe();
    stack.loseClickHouse(true);
    const headers = new Headers({ cookie: `${SESSION_COOKIE}=${token}` });
    await stack.deps.sessions.open({
      ...{ tokenHash: sha256(tokenOf(token)), userId: "u1", nowMs: Date.now(), expiresAt: Date.now() + 60_000 },
      json: JSON.stringify({
        ...{ id: "s", userId: "u1", createdAt: Date.now(), expiresAt: Date.now() + 60_000, seenAt: Date.now() },
        ...{ ip: null, userAgent: null },
      }),
    });
    const reading = withAuth({ deps: stack.deps }, (auth) => auth.api.getSession({ headers }).catch(() => null));
    await expect(reading).rejects.toMatchObject(unavailable);
  });
});

describe("without AUTH_SECRET", () => {
  /** Another process with the same stores. */
  function anotherProcess(): Deps {
    const { redis, prefix } = stack;
    const hot = createHotTier({ newLeaseToken, redis, prefix, shards: 1 });
    const shared = createSharedState({ redis, prefix, newHolder: newLeaseToken });
    return { ...stack.deps, ...shared, hot, env: { ...stack.deps.env, authSecret: null } };
  }

  it("all processes sign with the same generated secret, also after a loss of Redis", async () => {
    const processes = [anotherProcess(), anotherProcess(), anotherProcess()];
    const secrets = await Promise.all(processes.map(cookieSecret));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]?.length).toBeGreaterThanOrEqual(43);
    await stack.wipe();
    expect(await cookieSecret(anotherProcess())).toBe(secrets[0]);
    expect(await restoreAccess({ deps: stack.deps })).toBe(0);
  });

  it("a cookie of one process is valid in another", async () => {
    await addUser();
    const ctx = { ...stack.ctx(), deps: anotherProcess() };
    const { token } = await signIn({ ctx, input: { email: EMAIL, password: PASSWORD }, browser: BROWSER });
    expect(await callerOf(token, anotherProcess())).toMatchObject({ email: EMAIL });
    expect(await callerOf(token)).toBeNull();
  });

  it("no sign-in succeeds while ClickHouse cannot store a new secret", async () => {
    await addUser();
    stack.loseClickHouse(true);
    const ctx = { ...stack.ctx(), deps: anotherProcess() };
    const entering = signIn({ ctx, input: { email: EMAIL, password: PASSWORD }, browser: BROWSER });
    await expect(entering).rejects.toMatchObject(unavailable);
    stack.loseClickHouse(false);
    await expect(signIn({ ctx, input: { email: EMAIL, password: PASSWORD }, browser: BROWSER })).resolves.toBeDefined();
  });
});
