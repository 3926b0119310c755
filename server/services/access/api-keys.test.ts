import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RIGHTS, type Right } from "~/server/domain/rights";
import { type AccessStack, ADMIN, accessRedis, ENV_KEY } from "~/server/testing/access-deps";
import { createApiKey, listApiKeys, openCtx, restoreAccess, revokeApiKey, rotateApiKey } from "./index";
import { CreateApiKeyInput, RotateApiKeyInput } from "./inputs";
import { ADDRESS_HEADER } from "./request-headers";

const DAY_MS = 86_400_000;
const IDEMPOTENCY_KEY = "b1946ac92492d2347c6235b4d2611184";

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;

beforeAll(async () => {
  server = await accessRedis();
});
afterAll(() => server.close());
beforeEach(() => {
  stack = server.stack();
});

const callerWith = async (secret: string, address = "192.0.2.1") => {
  const headers = new Headers({ authorization: `Bearer ${secret}`, [ADDRESS_HEADER]: address });
  return (await openCtx({ deps: stack.deps, headers })).ctx.principal;
};
const create = (more: Partial<CreateApiKeyInput> = {}) =>
  createApiKey({ ctx: stack.ctx(ADMIN), input: { name: "ci", rights: ["schedules:read"], ...more } });
const rotate = (keyId: string, more: Partial<RotateApiKeyInput> = {}) =>
  rotateApiKey({ ctx: stack.ctx(ADMIN), input: { keyId, overlapSeconds: 3600, ...more } });
const list = async () => (await listApiKeys({ ctx: stack.ctx(ADMIN) })).items;

describe("a key's secret", () => {
  it("begins with a prefix that secret scanners recognise, and the list shows four characters of the rest", async () => {
    const key = await create();
    expect(key.secret).toMatch(/^stufio_live_[\w-]{43}$/);
    expect(key.start).toBe(key.secret.slice(0, 16));
  });
});

describe("allowed addresses", () => {
  it("refuse a valid key from another address, with that reason", async () => {
    const { secret } = await create({ allowedAddresses: ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"] });
    for (const address of ["10.200.3.4", "192.0.2.7", "2001:db8::1", "::ffff:10.1.1.1"]) {
      expect(await callerWith(secret, address)).toMatchObject({ name: "ci" });
    }
    for (const address of ["11.0.0.1", "192.0.2.8", "2001:db9::1"]) {
      await expect(callerWith(secret, address)).rejects.toMatchObject({
        code: "forbidden",
        message: `This API key is not allowed from the address ${address}.`,
      });
    }
    await expect(callerWith(secret, "")).rejects.toMatchObject({ code: "forbidden" });
  });

  it.each(["10.0.0.0/33", "a.b", "10.0.0.1,10.0.0.2", "1", "2001:db8::/129", ""])("refuse %j as an entry", (entry) => {
    const input = { name: "ci", rights: ["schedules:read"], allowedAddresses: [entry] };
    const { error } = CreateApiKeyInput.safeParse(input);
    expect(error?.issues[0]).toMatchObject({ path: ["allowedAddresses", 0] });
  });
});

describe("a rotation", () => {
  it("makes a new key with the same rights, and ends the former one after the overlap", async () => {
    const rights: Right[] = ["schedules:read", "executions:read"];
    const former = await create({ rights, allowedAddresses: ["192.0.2.0/24"] });
    const key = await rotate(former.keyId);
    expect(key).toMatchObject({ name: "ci", rights, allowedAddresses: ["192.0.2.0/24"], expiresAt: null });
    expect(key.secret).not.toBe(former.secret);
    expect(await callerWith(former.secret)).toMatchObject({ rights });
    expect(await callerWith(key.secret)).toMatchObject({ rights });
    expect((await list()).find(({ keyId }) => keyId === former.keyId)).toMatchObject({ replacedBy: key.keyId });
    stack.advanceClock(3_600_001);
    expect(await callerWith(former.secret)).toBeNull();
    expect(await callerWith(key.secret)).toMatchObject({ rights });
  });

  it("without an overlap ends the former key at once, and survives a wipe of Redis", async () => {
    const former = await create();
    const key = await rotate(former.keyId, { overlapSeconds: 0 });
    expect(await callerWith(former.secret)).toBeNull();
    await stack.wipe();
    await restoreAccess({ deps: stack.deps });
    expect(await callerWith(former.secret)).toBeNull();
    expect(await callerWith(key.secret)).not.toBeNull();
  });

  it("gives the new key the lifetime of the former one, and never prolongs the former one", async () => {
    const former = await create({ expiresAt: stack.deps.clock.now() + DAY_MS });
    stack.advanceClock(DAY_MS - 60_000);
    const key = await rotate(former.keyId);
    const lifetimeMs = ({ createdAt, expiresAt }: typeof key) => Date.parse(expiresAt ?? "") - Date.parse(createdAt);
    // The clock advances while a key is created.
    expect(Math.abs(lifetimeMs(key) - lifetimeMs(former))).toBeLessThan(5000);
    stack.advanceClock(60_001);
    expect(await callerWith(former.secret)).toBeNull();
  });

  it("repeated with its idempotency key returns the same key and secret, and makes no second key", async () => {
    const former = await create();
    const first = await rotate(former.keyId, { idempotencyKey: IDEMPOTENCY_KEY });
    const second = await rotate(former.keyId, { idempotencyKey: IDEMPOTENCY_KEY });
    expect(second).toEqual(first);
    // ADMIN_API_KEY, the former key and the new key.
    expect(await list()).toHaveLength(3);
  });

  it("without an overlap, repeated after its answer was lost, returns the same key", async () => {
    const former = await create();
    const lost = vi.spyOn(stack.deps.hot, "append").mockRejectedValueOnce(new Error("connection lost"));
    const call = { overlapSeconds: 0, idempotencyKey: IDEMPOTENCY_KEY };
    await expect(rotate(former.keyId, call)).rejects.toThrow();
    lost.mockRestore();
    const key = await rotate(former.keyId, call);
    expect(await callerWith(former.secret)).toBeNull();
    expect(await callerWith(key.secret)).toMatchObject({ name: "ci" });
    expect(await rotate(former.keyId, call)).toEqual(key);
  });

  it("is refused for a replaced, an expired and an unknown key, and for rights that the caller lacks", async () => {
    const former = await create();
    await rotate(former.keyId);
    await expect(rotate(former.keyId)).rejects.toMatchObject({ code: "conflict" });
    const expired = await create({ expiresAt: stack.deps.clock.now() + 1000 });
    stack.advanceClock(1001);
    await expect(rotate(expired.keyId)).rejects.toMatchObject({ code: "conflict" });
    await expect(rotate("019a0000-0000-7000-8000-000000000000")).rejects.toMatchObject({ code: "not_found" });
    const strong = await create({ rights: [...RIGHTS] });
    const weak = { ...ADMIN, role: "service" as const, via: "api_key" as const, rights: ["keys:edit"] as const };
    const call = { ctx: stack.ctx(weak), input: { keyId: strong.keyId, overlapSeconds: 0 } };
    await expect(rotateApiKey(call)).rejects.toMatchObject({ code: "forbidden" });
    expect(await callerWith(strong.secret)).not.toBeNull();
  });

  it("names the field of a bad overlap", () => {
    const input = { keyId: "019a0000-0000-7000-8000-000000000000", overlapSeconds: -1 };
    expect(RotateApiKeyInput.safeParse(input).error?.issues[0]).toMatchObject({ path: ["overlapSeconds"] });
  });
});

describe("ADMIN_API_KEY", () => {
  const fromList = async () => (await list()).find(({ fromEnvironment }) => fromEnvironment);

  it("is in the list with the time of its last use", async () => {
    expect(await fromList()).toMatchObject({ name: "ADMIN_API_KEY", lastUsedAt: null, expiresAt: null });
    await callerWith(ENV_KEY);
    expect(await fromList()).toMatchObject({ lastUsedAt: expect.any(String) });
  });

  it("is refused after it is revoked, and after a wipe of Redis, and the list has the time of the revocation", async () => {
    const keyId = (await fromList())?.keyId as string;
    await revokeApiKey({ ctx: stack.ctx(ADMIN), input: { keyId } });
    expect(await callerWith(ENV_KEY)).toBeNull();
    expect(await fromList()).toMatchObject({ keyId, rights: [], expiresAt: expect.any(String) });
    await expect(revokeApiKey({ ctx: stack.ctx(ADMIN), input: { keyId } })).rejects.toMatchObject({ code: "conflict" });
    await stack.wipe();
    expect(await callerWith(ENV_KEY)).toBeNull();
  });

  it("stays revoked in this process while the stores are unavailable", async () => {
    const keyId = (await fromList())?.keyId as string;
    await revokeApiKey({ ctx: stack.ctx(ADMIN), input: { keyId } });
    await stack.wipe();
    stack.loseClickHouse(true);
    expect(await callerWith(ENV_KEY)).toBeNull();
  });

  it("is not revoked by a caller who lacks rights", async () => {
    const keyId = (await fromList())?.keyId as string;
    const weak = { ...ADMIN, role: "service" as const, via: "api_key" as const, rights: ["keys:edit"] as const };
    await expect(revokeApiKey({ ctx: stack.ctx(weak), input: { keyId } })).rejects.toMatchObject({ code: "forbidden" });
    expect(await callerWith(ENV_KEY)).toMatchObject({ rights: RIGHTS });
  });
});
