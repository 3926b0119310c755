import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openBreachedPasswords } from "~/server/adapters/breached-passwords";
import { type AccessStack, ADMIN, accessRedis, SETUP_TOKEN } from "~/server/testing/access-deps";
import { signIn } from "~/server/testing/sign-in";
import {
  type Browser,
  changePassword,
  createUser,
  ensureFirstAdmin,
  inviteUser,
  openCtx,
  SESSION_COOKIE,
  setup,
  updateUser,
  useLink,
} from "./index";

const BROWSER: Browser = { ip: "192.0.2.1", userAgent: "test", device: null };
const EMAIL = "ann@example.com";
const PASSWORD = "violet otter bicycle";
/** Strong by itself. */
const BREACHED = "amber walrus lantern";

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;
let dir: string;

beforeAll(async () => {
  server = await accessRedis();
  dir = await mkdtemp(join(tmpdir(), "breached-"));
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(() => {
  stack = server.stack();
});

const admin = () => stack.ctx(ADMIN);
const addUser = (password = PASSWORD) =>
  createUser({ ctx: admin(), input: { email: EMAIL, name: "Ann", role: "editor", password } });

/** Each call that sets a password, with the field that it names. */
const CALLS: [call: string, field: string, set: (password: string) => Promise<unknown>][] = [
  [
    "the first account",
    "password",
    (password) => setup({ ctx: stack.ctx(), input: { token: SETUP_TOKEN, email: EMAIL, password }, browser: BROWSER }),
  ],
  [
    "the first account of the environment",
    "ADMIN_PASSWORD",
    (password) => ensureFirstAdmin({ deps: stack.deps, email: EMAIL, password }),
  ],
  ["a new user", "password", (password) => addUser(password)],
  [
    "a user whose password an admin sets",
    "password",
    async (password) => {
      await createUser({
        ctx: admin(),
        input: { email: "b@example.com", name: "Boss", role: "admin", password: PASSWORD },
      });
      const { userId } = await addUser();
      return updateUser({ ctx: admin(), input: { userId, password } });
    },
  ],
  [
    "a user who changes the password",
    "new_password",
    async (newPassword) => {
      await addUser();
      const { token } = await signIn({
        ctx: stack.ctx(),
        input: { email: EMAIL, password: PASSWORD },
        browser: BROWSER,
      });
      const headers = new Headers({ cookie: `${SESSION_COOKIE}=${token}` });
      const own = await openCtx({ deps: stack.deps, headers });
      return changePassword({ ...own, input: { currentPassword: PASSWORD, newPassword } });
    },
  ],
  [
    "an invited user",
    "password",
    async (password) => {
      const input = { email: EMAIL, name: "Ann", role: "editor" as const, validHours: 72 };
      const { token } = await inviteUser({ ctx: admin(), input });
      return useLink({ ctx: stack.ctx(), input: { token, password }, browser: BROWSER });
    },
  ],
];

describe("a new password", () => {
  it.each(CALLS)("that is easy to guess is refused wherever a password is set: %s", async (_, field, set) => {
    await expect(set("password1")).rejects.toMatchObject({
      code: "validation_failed",
      faults: [{ field, message: expect.stringMatching(/^is easy to guess\. .*commonly used/) }],
    });
  });

  it.each(CALLS)("that is known from a breach is refused wherever a password is set: %s", async (_, field, set) => {
    const path = join(dir, "list.txt");
    const hashes = [BREACHED, "another"].map((text) => createHash("sha1").update(text).digest("hex").toUpperCase());
    await writeFile(path, `${hashes.sort().join(":12\n")}:3\n`);
    stack.deps.breachedPasswords = await openBreachedPasswords(path);
    await expect(set(BREACHED)).rejects.toMatchObject({
      code: "validation_failed",
      faults: [{ field, message: "is known from a breach. Choose another one." }],
    });
  });

  it.each(CALLS)("that is strong is accepted: %s", async (_, __, set) => {
    await expect(set(BREACHED)).resolves.toBeDefined();
  });
});
