import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AccessStack, ADMIN, accessRedis } from "~/server/testing/access-deps";
import { createAuthenticator } from "~/server/testing/authenticator";
import { signIn } from "~/server/testing/sign-in";
import { totpCode } from "~/server/testing/totp";
import {
  addPasskey,
  type Browser,
  confirmSecondFactor,
  createUser,
  issueLink,
  listPasskeys,
  openCtx,
  ownOrigin,
  recoverAdmin,
  removePasskey,
  renamePasskey,
  resetSecondFactor,
  restoreAccess,
  SESSION_COOKIE,
  signInByPasskey,
  startPasskey,
  startPasskeySignIn,
  startSecondFactor,
  updateUser,
  useLink,
} from "./index";

const BROWSER: Browser = { ip: "192.0.2.1", userAgent: "test", device: null };
const ORIGIN = "https://schedules.example.org";
const EMAIL = "ann@example.com";
const PASSWORD = "correct horse";
const REFUSED = { code: "unauthenticated" };

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;

beforeAll(async () => {
  server = await accessRedis();
});
afterAll(() => server.close());
beforeEach(() => {
  stack = server.stack();
});

const addUser = (email = EMAIL) =>
  createUser({ ctx: stack.ctx(ADMIN), input: { email, name: "Ann", role: "editor", password: PASSWORD } });
const callerOf = (token: string) =>
  openCtx({ deps: stack.deps, headers: new Headers({ cookie: `${SESSION_COOKIE}=${token}` }) });
async function signedInCaller(email = EMAIL) {
  const { token } = await signIn({ ctx: stack.ctx(), input: { email, password: PASSWORD }, browser: BROWSER });
  return { ...(await callerOf(token)), origin: ORIGIN };
}

async function add(authenticator = createAuthenticator(), origin = ORIGIN) {
  const caller = await signedInCaller();
  const { options, ceremony } = await startPasskey({ ...caller, input: { password: PASSWORD } });
  const response = authenticator.create(options, origin);
  const { passkeyId } = await addPasskey({ ...caller, input: { ceremony, response, name: "Laptop" } });
  return { authenticator, passkeyId, caller };
}
async function enter(authenticator: ReturnType<typeof createAuthenticator>, origin = ORIGIN) {
  const { options, ceremony } = await startPasskeySignIn({ ctx: stack.ctx(), origin: ORIGIN });
  const response = authenticator.get(options, origin);
  return signInByPasskey({ ctx: stack.ctx(), input: { ceremony, response }, origin: ORIGIN, browser: BROWSER });
}

describe("a passkey", () => {
  it("signs its user in without a password, and survives a loss of Redis", async () => {
    await addUser();
    const { authenticator } = await add();
    const { token, principal } = await enter(authenticator);
    expect(principal).toMatchObject({ email: EMAIL, role: "editor" });
    expect((await callerOf(token)).ctx.principal?.email).toBe(EMAIL);
    await stack.wipe();
    await restoreAccess({ deps: stack.deps });
    await expect(enter(authenticator)).resolves.toMatchObject({ principal: { email: EMAIL } });
    const entries = (await stack.documents()).filter(({ kind }) => kind === "a").map(({ json }) => JSON.parse(json));
    expect(entries.map(({ action, note }) => `${action}: ${note ?? ""}`)).toEqual([
      "user.create: ",
      "session.open: ",
      "user.passkey: added Laptop",
      "session.open: passkey",
      "session.open: passkey",
    ]);
  });

  it("is added only with the password, and only if the authenticator verifies the user", async () => {
    await addUser();
    const caller = await signedInCaller();
    for (const password of ["wrong", undefined]) {
      const starting = startPasskey({ ...caller, input: { password } });
      await expect(starting).rejects.toMatchObject({ code: "validation_failed", faults: [{ field: "password" }] });
    }
    const unverified = createAuthenticator({ verifiesUser: false });
    await expect(add(unverified)).rejects.toMatchObject({ code: "validation_failed" });
    expect((await listPasskeys(caller)).items).toEqual([]);
  });

  it("asks the browser to verify the user, and to make a passkey that signs in without an e-mail address", async () => {
    await addUser();
    const caller = await signedInCaller();
    const { options } = await startPasskey({ ...caller, input: { password: PASSWORD } });
    expect(JSON.parse(options)).toMatchObject({
      rp: { id: "schedules.example.org", name: "Stufio Schedules" },
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    const signingIn = await startPasskeySignIn({ ctx: stack.ctx(), origin: ORIGIN });
    expect(JSON.parse(signingIn.options)).toMatchObject({ userVerification: "required" });
  });

  it("is refused from another site, if it is not registered, for another ceremony, or a second time", async () => {
    await addUser();
    const { authenticator } = await add();
    await expect(enter(authenticator, "https://schedules.example.net")).rejects.toMatchObject(REFUSED);
    await expect(enter(createAuthenticator())).rejects.toMatchObject(REFUSED);
    const begin = () => startPasskeySignIn({ ctx: stack.ctx(), origin: ORIGIN });
    const [first, second] = [await begin(), await begin()];
    const response = authenticator.get(first.options, ORIGIN);
    const finish = (ceremony: string) =>
      signInByPasskey({ ctx: stack.ctx(), input: { ceremony, response }, origin: ORIGIN, browser: BROWSER });
    await expect(finish(second.ceremony)).rejects.toMatchObject(REFUSED);
    await expect(finish(first.ceremony)).resolves.toBeDefined();
    await expect(finish(first.ceremony)).rejects.toMatchObject(REFUSED);
    await expect(finish("made-up")).rejects.toMatchObject(REFUSED);
  });

  it("that verifies nobody at the sign-in is refused", async () => {
    await addUser();
    const authenticator = createAuthenticator();
    await add(authenticator);
    authenticator.verifiesUser = false;
    await expect(enter(authenticator)).rejects.toMatchObject(REFUSED);
  });

  it("of a disabled user is refused", async () => {
    const { userId } = await addUser();
    await createUser({
      ctx: stack.ctx(ADMIN),
      input: { email: "boss@example.com", name: "Boss", role: "admin", password: PASSWORD },
    });
    const { authenticator } = await add();
    await updateUser({ ctx: stack.ctx(ADMIN), input: { userId, disabled: true } });
    await expect(enter(authenticator)).rejects.toMatchObject(REFUSED);
  });

  it.each<[string, (userId: string) => Promise<unknown>]>([
    [
      "a reset link",
      async (userId) => {
        const { token } = await issueLink({ ctx: stack.ctx(ADMIN), input: { userId, validHours: 1 } });
        const input = { token, password: "a battery and a staple" };
        await useLink({ ctx: stack.ctx(), input, browser: BROWSER });
      },
    ],
    [
      "a password that an admin sets",
      (userId) => updateUser({ ctx: stack.ctx(ADMIN), input: { userId, password: "a battery and a staple" } }),
    ],
    [
      "a reset of the second factor",
      async (userId) => {
        const caller = await signedInCaller();
        const { secret } = await startSecondFactor({ ...caller, input: { password: PASSWORD } });
        const input = { code: totpCode(secret, Date.now()) };
        await confirmSecondFactor({ ...caller, input, browser: BROWSER });
        await resetSecondFactor({ ctx: stack.ctx(ADMIN), input: { userId } });
      },
    ],
    ["RECOVER_ADMIN", () => recoverAdmin({ deps: stack.deps, email: EMAIL })],
  ])("ends with %s", async (_, recover) => {
    const { userId } = await addUser();
    const { authenticator } = await add();
    await recover(userId);
    await expect(enter(authenticator)).rejects.toMatchObject(REFUSED);
  });

  it("is one of at most 20, also if many are begun at the same time", async () => {
    await addUser();
    const caller = await signedInCaller();
    const ceremonies = [];
    for (let i = 0; i < 21; i++) ceremonies.push(await startPasskey({ ...caller, input: { password: PASSWORD } }));
    const added = await Promise.allSettled(
      ceremonies.map(({ options, ceremony }) => {
        const response = createAuthenticator().create(options, ORIGIN);
        return addPasskey({ ...caller, input: { ceremony, response, name: "Laptop" } });
      }),
    );
    const failed = added.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(failed).toEqual(["conflict"]);
    expect((await listPasskeys(caller)).items).toHaveLength(20);
  });

  it("can be renamed and removed by its user, and not removed by another user", async () => {
    await addUser();
    await addUser("eve@example.com");
    const { authenticator, passkeyId, caller } = await add();
    const eve = await signedInCaller("eve@example.com");
    await expect(removePasskey({ ...eve, input: { passkeyId } })).rejects.toMatchObject({ code: "not_found" });
    await renamePasskey({ ...caller, input: { passkeyId, name: "Phone" } });
    expect((await listPasskeys(caller)).items).toMatchObject([{ passkeyId, name: "Phone", synced: false }]);
    await removePasskey({ ...caller, input: { passkeyId } });
    await expect(enter(authenticator)).rejects.toMatchObject(REFUSED);
  });

  it("belongs to PUBLIC_URL, otherwise to the address of the request", () => {
    const headers = new Headers({ origin: "https://a.example:8443" });
    expect(ownOrigin({ publicUrl: null }, headers)).toBe("https://a.example:8443");
    expect(ownOrigin({ publicUrl: "https://b.example/x" }, headers)).toBe("https://b.example");
    expect(() => ownOrigin({ publicUrl: null }, new Headers())).toThrow("Origin");
  });
});
