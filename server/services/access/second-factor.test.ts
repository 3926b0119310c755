import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AccessStack, ADMIN, accessRedis } from "~/server/testing/access-deps";
import { signIn as signInByPassword } from "~/server/testing/sign-in";
import { nextTotpCode, totpCode } from "~/server/testing/totp";
import {
  type Browser,
  confirmSecondFactor,
  createUser,
  finishSignIn,
  getSecondFactor,
  listUsers,
  newRecoveryCodes,
  openCtx,
  requireRight,
  resetSecondFactor,
  restoreAccess,
  SESSION_COOKIE,
  type SignedIn,
  signIn,
  startSecondFactor,
  stopSecondFactor,
} from "./index";

const BROWSER: Browser = { ip: "192.0.2.1", userAgent: "test", device: null };
const EMAIL = "ann@example.com";
const PASSWORD = "correct horse";
const WRONG = { code: "unauthenticated", message: "The code is wrong, or was used before." };

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;

beforeAll(async () => {
  server = await accessRedis();
});
afterAll(() => server.close());
beforeEach(() => {
  stack = server.stack();
});

const addUser = () =>
  createUser({ ctx: stack.ctx(ADMIN), input: { email: EMAIL, name: "Ann", role: "editor", password: PASSWORD } });
const callerOf = (token: string) =>
  openCtx({ deps: stack.deps, headers: new Headers({ cookie: `${SESSION_COOKIE}=${token}` }) });
const enter = (browser = BROWSER) =>
  signInByPassword({ ctx: stack.ctx(), input: { email: EMAIL, password: PASSWORD }, browser });

/** The value of the cookie that the right password gets. */
async function challengeOf(browser = BROWSER): Promise<string> {
  const answer = await signIn({ ctx: stack.ctx(), input: { email: EMAIL, password: PASSWORD }, browser });
  if (!("challenge" in answer)) throw new Error("no second factor was asked for");
  return answer.challenge.value;
}
const finish = (
  input: Parameters<typeof finishSignIn>[0]["input"],
  challenge: string | null,
  browser = BROWSER,
): Promise<SignedIn> => finishSignIn({ ctx: stack.ctx(), input, challenge, browser });

/** Turns the second factor on in a session of the user. */
async function enrol(opened: SignedIn) {
  const own = await callerOf(opened.token);
  const started = await startSecondFactor({ ...own, input: { password: PASSWORD } });
  const code = totpCode(started.secret, Date.now());
  const confirmed = await confirmSecondFactor({ ...own, input: { code }, browser: BROWSER });
  return { ...started, code, ...confirmed };
}
const auditNotes = async () => {
  const entries = (await stack.documents()).filter(({ kind }) => kind === "a");
  return entries
    .map(({ json }) => JSON.parse(json) as { action: string; note: string | null })
    .filter(({ action }) => action !== "user.create")
    .map(({ action, note }) => `${action}: ${note ?? ""}`);
};

describe("a second factor", () => {
  it("has no effect until a code of the app confirms it, and then ends all other sessions", async () => {
    await addUser();
    const [opened, other] = [await enter(), await enter()];
    const own = await callerOf(opened.token);
    const { uri, secret, recoveryCodes } = await startSecondFactor({ ...own, input: { password: PASSWORD } });
    expect(uri).toMatch(/^otpauth:\/\/totp\/Stufio%20Schedules:ann%40example\.com\?/);
    expect(new Set(recoveryCodes).size).toBe(10);
    await expect(enter()).resolves.toBeDefined();

    const confirm = (code: string) => confirmSecondFactor({ ...own, input: { code }, browser: BROWSER });
    const wrong = totpCode(secret, Date.now() - 3_600_000);
    await expect(confirm(wrong)).rejects.toMatchObject({ code: "validation_failed", faults: [{ field: "code" }] });
    const confirmed = await confirm(totpCode(secret, Date.now()));
    expect((await callerOf(confirmed.token)).ctx.principal?.email).toBe(EMAIL);
    for (const { token } of [opened, other]) expect((await callerOf(token)).ctx.principal).toBeNull();
    const { items } = await listUsers({ ctx: stack.ctx(ADMIN) });
    expect(items).toMatchObject([{ secondFactor: true }]);
  });

  it("is asked for after the password, and each code is accepted once", async () => {
    await addUser();
    const { secret, code } = await enrol(await enter());
    await expect(finish({ code }, await challengeOf())).rejects.toMatchObject(WRONG);
    const next = nextTotpCode(secret);
    const { token, device } = await finish({ code: next }, await challengeOf());
    expect((await callerOf(token)).ctx.principal?.email).toBe(EMAIL);
    await expect(finish({ code: next }, await challengeOf())).rejects.toMatchObject(WRONG);
    expect(device).toMatch(/^[\w-]{43}$/);
  });

  it("allows only a few wrong codes before it is on, and is not confirmed again while it is on", async () => {
    await addUser();
    const own = await callerOf((await enter()).token);
    const { secret } = await startSecondFactor({ ...own, input: { password: PASSWORD } });
    const confirm = (code: string) => confirmSecondFactor({ ...own, input: { code }, browser: BROWSER });
    const wrong = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((i) => totpCode(secret, Date.now() - i * 3_600_000));
    const codes = [];
    for (const code of wrong) codes.push(await confirm(code).catch((error) => error.code));
    expect(codes.slice(0, 5)).toEqual(Array(5).fill("validation_failed"));
    expect(codes.at(-1)).toBe("rate_limited");
    const { token } = await enrol(await enter());
    const again = confirmSecondFactor({ ...(await callerOf(token)), input: { code: "000000" }, browser: BROWSER });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
  });

  it("keeps its secret and its recovery codes encrypted, and survives a loss of Redis", async () => {
    await addUser();
    const { secret, recoveryCodes } = await enrol(await enter());
    const stored = (await stack.documents()).map(({ json }) => json).join();
    for (const text of [secret, ...recoveryCodes]) expect(stored).not.toContain(text);
    await stack.wipe();
    await restoreAccess({ deps: stack.deps });
    await expect(finish({ code: nextTotpCode(secret) }, await challengeOf())).resolves.toBeDefined();
  });

  it("accepts each recovery code once", async () => {
    await addUser();
    const { recoveryCodes } = await enrol(await enter());
    const [recoveryCode = ""] = recoveryCodes;
    const { token } = await finish({ recoveryCode }, await challengeOf());
    await expect(finish({ recoveryCode }, await challengeOf())).rejects.toMatchObject(WRONG);
    expect(await getSecondFactor(await callerOf(token))).toMatchObject({ enabled: true, recoveryCodesLeft: 9 });
  });

  it("accepts one of two concurrent uses of a recovery code", async () => {
    await addUser();
    const { recoveryCodes } = await enrol(await enter());
    const [recoveryCode = ""] = recoveryCodes;
    const challenges = [await challengeOf(), await challengeOf()];
    const both = await Promise.allSettled(challenges.map((one) => finish({ recoveryCode }, one)));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("ends a sign-in after five wrong codes, and makes the next tries wait in every unknown browser", async () => {
    await addUser();
    await enrol(await enter());
    const challenge = await challengeOf();
    const wrong = (i: number) => ({ recoveryCode: `wrong-${i}` });
    for (let i = 0; i < 5; i++) await expect(finish(wrong(i), challenge)).rejects.toMatchObject(WRONG);
    await expect(finish(wrong(5), challenge)).rejects.toMatchObject({ code: "conflict" });
    const later = await challengeOf();
    const elsewhere = { ...BROWSER, ip: "198.51.100.9" };
    const tries = await Promise.allSettled([0, 1, 2].map((i) => finish(wrong(i), later, elsewhere)));
    expect(tries.map((one) => one.status === "rejected" && one.reason.code)).toContain("rate_limited");
  });

  it("does not make a browser wait in which the user has signed in before", async () => {
    await addUser();
    const opened = await enter();
    const { secret } = await enrol(opened);
    const attacker = { ...BROWSER, ip: "198.51.100.9" };
    const challenge = await challengeOf(attacker);
    for (let i = 0; i < 5; i++) await finish({ recoveryCode: `wrong-${i}` }, challenge, attacker).catch(() => null);
    const owner = { ...BROWSER, device: opened.device };
    await expect(finish({ code: nextTotpCode(secret) }, await challengeOf(owner), owner)).resolves.toBeDefined();
  });

  it.each([
    ["no sign-in", async () => null],
    ["a forged sign-in", async () => `${(await challengeOf()).slice(0, -4)}AAAA`],
    ["any other text", async () => "x".repeat(32)],
  ])("is not accepted for %s", async (_, cookie) => {
    await addUser();
    const { secret } = await enrol(await enter());
    await expect(finish({ code: nextTotpCode(secret) }, await cookie())).rejects.toMatchObject({ code: "conflict" });
  });

  it("can be turned off and its codes replaced only with the password", async () => {
    await addUser();
    const { token, recoveryCodes } = await enrol(await enter());
    const own = await callerOf(token);
    const wrong = { code: "validation_failed", faults: [{ field: "password", message: "is wrong" }] };
    await expect(newRecoveryCodes({ ...own, input: { password: "wrong" } })).rejects.toMatchObject(wrong);
    await expect(stopSecondFactor({ ...own, input: { password: "wrong" } })).rejects.toMatchObject(wrong);
    const again = await newRecoveryCodes({ ...own, input: { password: PASSWORD } });
    expect(again.recoveryCodes.filter((code) => recoveryCodes.includes(code))).toEqual([]);
    await stopSecondFactor({ ...own, input: { password: PASSWORD } });
    await expect(enter()).resolves.toBeDefined();
    expect(await auditNotes()).toEqual([
      "session.open: ",
      "user.second_factor: turned on",
      "user.second_factor: new recovery codes",
      "user.second_factor: turned off",
      "session.open: ",
    ]);
  });

  it("can be reset by an admin, which ends the user's sessions", async () => {
    const { userId } = await addUser();
    const { token } = await enrol(await enter());
    const reset = (principal = ADMIN) => resetSecondFactor({ ctx: stack.ctx(principal), input: { userId } });
    await expect(reset({ ...ADMIN, role: "editor" })).rejects.toMatchObject({ code: "forbidden" });
    await reset();
    expect((await callerOf(token)).ctx.principal).toBeNull();
    await expect(enter()).resolves.toBeDefined();
    await expect(reset()).rejects.toMatchObject({ code: "conflict" });
    expect(await auditNotes()).toContain("user.second_factor: reset");
  });
});

describe("if a second factor is required", () => {
  beforeEach(() => {
    stack.deps.env.requireSecondFactor = true;
  });

  it("a user with a password alone can only set one up", async () => {
    await addUser();
    const opened = await enter();
    const { ctx, session } = await callerOf(opened.token);
    expect(ctx).toMatchObject({ principal: null, enrolling: { email: EMAIL } });
    expect(() => requireRight(ctx, "schedules:read")).toThrow("Sign in");
    expect(await getSecondFactor({ ctx, session })).toMatchObject({ enabled: false, required: true });
    const { token } = await enrol(opened);
    expect((await callerOf(token)).ctx).toMatchObject({ principal: { email: EMAIL }, enrolling: null });
  });

  it("a user who turns it off must set one up again", async () => {
    await addUser();
    const { token } = await enrol(await enter());
    await stopSecondFactor({ ...(await callerOf(token)), input: { password: PASSWORD } });
    expect((await callerOf(token)).ctx.principal).toBeNull();
  });
});
