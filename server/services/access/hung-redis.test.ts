import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Deps } from "~/server/services/ctx";
import { ADMIN } from "~/server/testing/access-deps";
import { type RunningRedis, startRedis } from "~/server/testing/services/redis";
import { signIn } from "~/server/testing/sign-in";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { createUser, openCtx, requireRight, revokeSession, SESSION_COOKIE, updateUser } from "./index";

/* Sessions while Redis hangs. This file has its own Redis, which it suspends with SIGSTOP. */

const BROWSER = { ip: "192.0.2.1", userAgent: "test", device: null };
const PASSWORD = "correct horse";
let dir: string;
let redis: RunningRedis;
let stack: TestStack;
/** Each test has its own user. */
let userCount = 0;
let email: string;
let userId: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "stufio-hung-"));
  redis = await startRedis({ dir: join(dir, "redis") });
  stack = await startTestStack({ redis: { url: redis.url, shards: 1 } });
  const admin = { email: "admin@example.com", name: "Ada", role: "admin" as const, password: PASSWORD };
  await createUser({ ctx: adminCtx(stack.deps), input: admin });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await redis?.stop();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  userCount += 1;
  email = `ann${userCount}@example.com`;
  const input = { email, name: "Ann", role: "editor" as const, password: PASSWORD };
  // Creating an account waits for ClickHouse.
  ({ userId } = await createUser({ ctx: adminCtx(stack.deps), input }));
});
afterEach(() => resume());

const adminCtx = (deps: Deps) => ({ deps, principal: ADMIN, requestId: "test" });
const hang = () => process.kill(redis.pid, "SIGSTOP");
const resume = () => process.kill(redis.pid, "SIGCONT");
const enter = async () =>
  (
    await signIn({
      ctx: { ...adminCtx(stack.deps), principal: null },
      input: { email, password: PASSWORD },
      browser: BROWSER,
    })
  ).token;
const caller = (token: string, deps = stack.deps) =>
  openCtx({ deps, headers: new Headers({ cookie: `${SESSION_COOKIE}=${token}` }) });

test("a recently verified caller may only read until Redis responds", async () => {
  const token = await enter();
  await caller(token);
  hang();
  const startedAt = performance.now();
  const { ctx } = await caller(token);
  expect(performance.now() - startedAt).toBeLessThan(4000);
  expect(requireRight(ctx, "schedules:read")).toMatchObject({ email, unverified: true });
  expect(() => requireRight(ctx, "schedules:edit")).toThrow(expect.objectContaining({ code: "redis_unavailable" }));
  resume();
  await stack.deps.reach.check();
  await expect.poll(async () => (await caller(token)).ctx.principal?.unverified).toBeUndefined();
});

test("a session that this process has not verified is refused within seconds", async () => {
  const token = await enter();
  hang();
  const startedAt = performance.now();
  await expect(caller(token)).rejects.toMatchObject({ code: "redis_unavailable" });
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test("a session that this process has ended is refused while Redis hangs", async () => {
  const token = await enter();
  const { ctx, session } = await caller(token);
  await revokeSession({ ctx, input: { sessionId: session?.id }, session: null });
  hang();
  await expect(caller(token)).rejects.toMatchObject({ code: "redis_unavailable" });
});

test("a user who was disabled by another process is refused immediately, and while Redis hangs", async () => {
  const token = await enter();
  expect((await caller(token)).ctx.principal).not.toBeNull();
  await updateUser({ ctx: adminCtx(await stack.another()), input: { userId, disabled: true } });
  expect((await caller(token)).ctx.principal).toBeNull();
  hang();
  await expect(caller(token)).rejects.toMatchObject({ code: "redis_unavailable" });
});
