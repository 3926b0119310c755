import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AccessStack, ADMIN, accessRedis } from "~/server/testing/access-deps";
import { signIn } from "~/server/testing/sign-in";
import {
  type Browser,
  changePassword,
  createUser,
  deleteUser,
  inviteUser,
  issueLink,
  listUsers,
  openCtx,
  readLink,
  recoverAdmin,
  resetSecondFactor,
  restoreAccess,
  revokeLink,
  SESSION_COOKIE,
  updateUser,
  useLink,
} from "./index";

const BROWSER: Browser = { ip: "192.0.2.1", userAgent: "test", device: null };
const EMAIL = "ann@example.com";
const PASSWORD = "correct horse";
const OTHER = "a battery and a staple";
const HOUR_MS = 3_600_000;
const INVALID = { code: "not_found" };

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;

beforeAll(async () => {
  server = await accessRedis();
});
afterAll(() => server.close());
beforeEach(() => {
  stack = server.stack();
});

const admin = () => stack.ctx(ADMIN);
const invite = (more: { validHours?: number; idempotencyKey?: string } = {}) =>
  inviteUser({ ctx: admin(), input: { email: EMAIL, name: "Ann", role: "editor", validHours: 72, ...more } });
const read = (token: string) => readLink({ ctx: stack.ctx(), input: { token } });
const accept = (token: string, password = PASSWORD) =>
  useLink({ ctx: stack.ctx(), input: { token, password }, browser: BROWSER });
const enter = (password = PASSWORD, email = EMAIL) =>
  signIn({ ctx: stack.ctx(), input: { email, password }, browser: BROWSER });
const addUser = (role: "admin" | "editor" = "editor", email = EMAIL) =>
  createUser({ ctx: admin(), input: { email, name: "Ann", role, password: PASSWORD } });
const callerOf = async (token: string) =>
  (await openCtx({ deps: stack.deps, headers: new Headers({ cookie: `${SESSION_COOKIE}=${token}` }) })).ctx.principal;

describe("an invitation", () => {
  it("lets its receiver choose the password once, and signs in", async () => {
    const { token, userId, expiresAt } = await invite();
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(71 * HOUR_MS);
    await expect(read(token)).resolves.toMatchObject({ kind: "invitation", email: EMAIL, name: "Ann" });
    const opened = await accept(token);
    expect("principal" in opened && opened.principal).toMatchObject({ id: userId, role: "editor" });
    await expect(accept(token, OTHER)).rejects.toMatchObject(INVALID);
    await expect(read(token)).rejects.toMatchObject(INVALID);
    await expect(enter()).resolves.toBeDefined();
    const entries = (await stack.documents()).filter(({ kind }) => kind === "a").map(({ json }) => JSON.parse(json));
    expect(entries.map(({ action, note }) => `${action}: ${note ?? ""}`)).toEqual([
      "user.invite: ",
      "user.password: by invitation",
      "session.open: ",
      "session.open: ",
    ]);
  });

  it("is accepted once by concurrent requests", async () => {
    const { token } = await invite();
    const both = await Promise.allSettled([accept(token), accept(token, OTHER)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("is stored as a hash, and survives a loss of Redis", async () => {
    const { token } = await invite();
    const stored = (await stack.documents()).map(({ json }) => json).join();
    const keys = await stack.redis.keys(`${stack.prefix}*`);
    const dump = (await Promise.all(keys.map(async (key) => String(await stack.redis.dump(key))))).join();
    const [, secret = ""] = token.split(".");
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(stored).not.toContain(secret);
    expect(dump).not.toContain(secret);
    await stack.wipe();
    await restoreAccess({ deps: stack.deps });
    await expect(read(token)).resolves.toMatchObject({ email: EMAIL });
  });

  it.each([1, 72])("expires after %i h", async (validHours) => {
    const { token } = await invite({ validHours });
    stack.advanceClock(validHours * HOUR_MS - 60_000);
    await expect(read(token)).resolves.toBeDefined();
    stack.advanceClock(60_001);
    await expect(read(token)).rejects.toMatchObject(INVALID);
    await expect(accept(token)).rejects.toMatchObject(INVALID);
    expect((await listUsers({ ctx: admin() })).items).toMatchObject([{ link: { kind: "invitation", expired: true } }]);
  });

  it("is replaced by a new link, and ends with its account", async () => {
    await addUser("admin", "boss@example.com");
    const { token, userId } = await invite();
    const again = await issueLink({ ctx: admin(), input: { userId, validHours: 72 } });
    expect(again.kind).toBe("invitation");
    await expect(read(token)).rejects.toMatchObject(INVALID);
    await expect(read(again.token)).resolves.toBeDefined();
    await deleteUser({ ctx: admin(), input: { userId } });
    await expect(accept(again.token)).rejects.toMatchObject(INVALID);
  });

  it("is the same for a repeat with the same idempotency key", async () => {
    const idempotencyKey = "k".repeat(32);
    const [first, second] = [await invite({ idempotencyKey }), await invite({ idempotencyKey })];
    expect(second).toEqual(first);
    await expect(invite()).rejects.toMatchObject({ code: "conflict" });
  });

  it("opens nothing before it was accepted, and does not count as another admin", async () => {
    const boss = await addUser("admin", "boss@example.com");
    await inviteUser({ ctx: admin(), input: { email: EMAIL, name: "Ann", role: "admin", validHours: 72 } });
    await expect(enter("")).rejects.toMatchObject({ code: "unauthenticated" });
    const removing = deleteUser({ ctx: admin(), input: { userId: boss.userId } });
    await expect(removing).rejects.toMatchObject({ code: "conflict" });
  });

  it.each(["", ".", "x", "0190f3a0-0000-7000-8000-000000000000.secret", "a.b.c"])(
    "is not opened by %j",
    async (token) => {
      await invite();
      await expect(read(token)).rejects.toMatchObject(INVALID);
    },
  );
});

describe("a reset link", () => {
  it("sets a new password within an hour, and ends all sessions", async () => {
    const { userId } = await addUser();
    const { token: session } = await enter();
    const { token, kind } = await issueLink({ ctx: admin(), input: { userId, validHours: 72 } });
    expect(kind).toBe("reset");
    await expect(enter()).resolves.toBeDefined();
    await accept(token, OTHER);
    expect(await callerOf(session)).toBeNull();
    await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(enter(OTHER)).resolves.toBeDefined();
  });

  it("expires after an hour", async () => {
    const { userId } = await addUser();
    const { token } = await issueLink({ ctx: admin(), input: { userId, validHours: 72 } });
    stack.advanceClock(HOUR_MS + 1);
    await expect(accept(token, OTHER)).rejects.toMatchObject(INVALID);
  });

  it("stops working if it is revoked, the password or the role changes, or the user is disabled", async () => {
    await addUser("admin", "boss@example.com");
    const { userId } = await addUser();
    const issue = async () => (await issueLink({ ctx: admin(), input: { userId, validHours: 72 } })).token;
    const revoked = await issue();
    await revokeLink({ ctx: admin(), input: { userId } });
    await expect(accept(revoked)).rejects.toMatchObject(INVALID);
    await expect(revokeLink({ ctx: admin(), input: { userId } })).rejects.toMatchObject({ code: "conflict" });
    const replaced = await issue();
    await updateUser({ ctx: admin(), input: { userId, password: OTHER } });
    await expect(accept(replaced)).rejects.toMatchObject(INVALID);
    const changed = await issue();
    const opened = await enter(OTHER);
    const headers = new Headers({ cookie: `${SESSION_COOKIE}=${opened.token}` });
    const own = await openCtx({ deps: stack.deps, headers });
    await changePassword({ ...own, input: { currentPassword: OTHER, newPassword: PASSWORD } });
    await expect(accept(changed)).rejects.toMatchObject(INVALID);
    const raised = await issue();
    await updateUser({ ctx: admin(), input: { userId, name: "Ann B." } });
    await expect(read(raised)).resolves.toBeDefined();
    await updateUser({ ctx: admin(), input: { userId, role: "admin" } });
    await expect(accept(raised)).rejects.toMatchObject(INVALID);
    const disabled = await issue();
    await updateUser({ ctx: admin(), input: { userId, disabled: true } });
    await expect(issue()).rejects.toMatchObject({ code: "conflict" });
    await updateUser({ ctx: admin(), input: { userId, disabled: false } });
    await expect(accept(disabled)).rejects.toMatchObject(INVALID);
  });

  it("cannot be issued for the caller, nor can callers set their own password without the current one", async () => {
    const { userId } = await addUser("admin");
    const own = stack.ctx({ ...ADMIN, id: userId, via: "session" });
    const refused = { code: "conflict", message: expect.stringContaining("Account page") };
    await expect(issueLink({ ctx: own, input: { userId, validHours: 1 } })).rejects.toMatchObject(refused);
    await expect(updateUser({ ctx: own, input: { userId, password: OTHER } })).rejects.toMatchObject(refused);
    await expect(resetSecondFactor({ ctx: own, input: { userId } })).rejects.toMatchObject(refused);
  });

  it("needs `users:edit`, and is refused for a user with rights that the caller lacks", async () => {
    const { userId } = await addUser("admin");
    const editor = stack.ctx({ ...ADMIN, role: "editor" });
    const manager = stack.ctx({ ...ADMIN, role: "service", via: "api_key", rights: ["users:edit"] });
    for (const ctx of [editor, manager]) {
      const input = { userId, validHours: 1 };
      await expect(issueLink({ ctx, input })).rejects.toMatchObject({ code: "forbidden" });
      await expect(revokeLink({ ctx, input: { userId } })).rejects.toMatchObject({ code: "forbidden" });
    }
  });
});

describe("an admin who lost every access", () => {
  it("gets a link, is enabled, and needs no second factor", async () => {
    await addUser("admin", "boss@example.com");
    const { userId } = await addUser("admin");
    await updateUser({ ctx: admin(), input: { userId, disabled: true, role: "viewer" } });
    const { token } = await recoverAdmin({ deps: stack.deps, email: EMAIL });
    const opened = await accept(token, OTHER);
    expect("principal" in opened && opened.principal).toMatchObject({ id: userId, role: "admin" });
    const entries = (await stack.documents()).filter(({ kind }) => kind === "a").map(({ json }) => JSON.parse(json));
    const recovery = entries.filter(({ actor }) => actor === "system");
    expect(recovery).toMatchObject([
      {
        action: "user.update",
        before: { role: "viewer", disabled: true },
        after: { role: "admin", disabled: false },
      },
      { action: "user.second_factor", note: "reset" },
      { action: "user.link", note: "password reset" },
    ]);
  });

  it("gets one link from several starts, and the former password and sessions end", async () => {
    await addUser("admin");
    const { token: session } = await enter();
    const { token } = await recoverAdmin({ deps: stack.deps, email: EMAIL });
    expect(await callerOf(session)).toBeNull();
    await expect(enter()).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(recoverAdmin({ deps: stack.deps, email: EMAIL })).rejects.toMatchObject({ code: "conflict" });
    await expect(accept(token, OTHER)).resolves.toBeDefined();
  });

  it("is told the addresses of the admins if no account has the given address", async () => {
    await addUser("admin");
    const recovering = recoverAdmin({ deps: stack.deps, email: "nobody@example.com" });
    await expect(recovering).rejects.toMatchObject({ code: "not_found", message: expect.stringContaining(EMAIL) });
  });
});
