import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuditEntry } from "~/server/domain/audit/entry";
import { RIGHTS_OF_ROLE, type Right } from "~/server/domain/rights";
import { writeAudit } from "~/server/services/audit";
import type { Principal } from "~/server/services/principal";
import { type AccessStack, ADMIN, accessRedis } from "~/server/testing/access-deps";
import { signIn } from "~/server/testing/sign-in";
import {
  CreateApiKeyInput,
  createApiKey,
  createUser,
  DirectoryEntry,
  deleteNamespace,
  deleteRole,
  deleteServiceAccount,
  deleteUser,
  listApiKeys,
  listRoles,
  listServiceAccounts,
  openCtx,
  restoreAccess,
  rightsOf,
  rotateApiKey,
  SaveNamespaceInput,
  SaveRoleInput,
  SaveServiceAccountInput,
  SESSION_COOKIE,
  saveNamespace,
  saveRole,
  saveServiceAccount,
  updateUser,
} from "../index";
import { RotateApiKeyInput } from "../inputs";

const PASSWORD = "correct horse";
const READ: Right[] = ["schedules:read", "executions:read"];

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
const role = (input: Record<string, unknown>, ctx = admin()) => saveRole({ ctx, input: SaveRoleInput.parse(input) });
const namespace = (name: string, topicPrefixes: string[]) =>
  saveNamespace({ ctx: admin(), input: SaveNamespaceInput.parse({ name, topicPrefixes }) });
const account = (input: Record<string, unknown>, ctx = admin()) =>
  saveServiceAccount({ ctx, input: SaveServiceAccountInput.parse(input) });
const key = (input: Record<string, unknown>, ctx = admin()) =>
  createApiKey({ ctx, input: CreateApiKeyInput.parse({ name: "k", rights: READ, ...input }) });
const named = (name: string) => DirectoryEntry.parse({ name });
const addUser = (roleName: string, email = "ann@example.com") =>
  createUser({ ctx: admin(), input: { email, name: "Ann", role: roleName, password: PASSWORD } });

async function callerWith(secret: string): Promise<Principal | null> {
  const headers = new Headers({ authorization: `Bearer ${secret}` });
  return (await openCtx({ deps: stack.deps, headers })).ctx.principal;
}

async function signedIn(email = "ann@example.com") {
  const browser = { ip: null, userAgent: null, device: null };
  const { token } = await signIn({ ctx: stack.ctx(), input: { email, password: PASSWORD }, browser });
  return async () => {
    const headers = new Headers({ cookie: `${SESSION_COOKIE}=${token}` });
    return (await openCtx({ deps: stack.deps, headers })).ctx.principal as Principal;
  };
}

describe("a custom role", () => {
  it("gives its users its rights and scope, and a change reaches them at once", async () => {
    await namespace("billing", ["billing.", "invoices."]);
    await role({ name: "billing", rights: READ, scope: { namespaces: ["billing"], topicPrefixes: ["tax."] } });
    await addUser("billing");
    const caller = await signedIn();
    expect(await caller()).toMatchObject({ role: "billing", scope: ["billing.", "invoices.", "tax."] });
    expect(rightsOf(await caller())).toEqual(READ);
    await namespace("billing", ["bills."]);
    expect(await caller()).toMatchObject({ scope: ["bills.", "tax."] });
    await role({ name: "billing", rights: ["schedules:read"] });
    expect(await caller()).not.toHaveProperty("scope");
    expect(rightsOf(await caller())).toEqual(["schedules:read"]);
  });

  it("survives a loss of Redis, and a release without custom roles reads its users as disabled", async () => {
    await addUser("admin", "boss@example.com");
    await role({ name: "reader", rights: READ });
    const { userId } = await addUser("reader");
    const stored = async () => JSON.parse((await stack.deps.hot.copiedOne("u", `user:${userId}`)).json as string).value;
    expect(await stored()).toMatchObject({ role: "viewer", roles: ["viewer"], disabled: true });
    await stack.wipe();
    await restoreAccess({ deps: stack.deps });
    expect(rightsOf(await (await signedIn())())).toEqual(READ);
    await updateUser({ ctx: admin(), input: { userId, role: "viewer" } });
    expect(await stored()).toMatchObject({ roles: ["viewer"], disabled: false });
  });

  it("that no longer exists gives no right", () => {
    const caller = { ...ADMIN, role: "gone", rights: [] };
    expect(rightsOf(caller)).toEqual([]);
  });

  it("is not deleted while a user has it", async () => {
    await addUser("admin", "boss@example.com");
    await role({ name: "reader", rights: READ });
    const { userId } = await addUser("reader");
    const remove = () => deleteRole({ ctx: admin(), input: named("reader") });
    await expect(remove()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("ann@") });
    await deleteUser({ ctx: admin(), input: { userId } });
    await remove();
    expect((await listRoles({ ctx: admin() })).items).toEqual([]);
    await expect(addUser("reader")).rejects.toMatchObject({ faults: [{ field: "role" }] });
    await role({ name: "reader", rights: READ, isNew: true });
    await expect(addUser("reader")).resolves.toMatchObject({ role: "reader" });
  });

  it("cannot be made or changed by a caller who lacks one of its rights", async () => {
    await role({ name: "runner", rights: ["schedules:run"] });
    const ctx = stack.ctx({ ...ADMIN, role: "service", rights: ["users:edit", ...RIGHTS_OF_ROLE.viewer] });
    const forbidden = { code: "forbidden", message: expect.stringContaining("You lack schedules:run") };
    await expect(role({ name: "mine", rights: ["schedules:run"] }, ctx)).rejects.toMatchObject(forbidden);
    await expect(role({ name: "runner", rights: READ }, ctx)).rejects.toMatchObject(forbidden);
    await expect(deleteRole({ ctx, input: named("runner") })).rejects.toMatchObject(forbidden);
    const user = { email: "eve@example.com", name: "Eve", role: "runner", password: PASSWORD };
    await expect(createUser({ ctx, input: user })).rejects.toMatchObject(forbidden);
  });

  it.each([
    ["the name of a built-in role", { name: "admin" }, "name"],
    ["no rights", { rights: [] }, "rights"],
    [
      "a scope, and a right that is not about topics",
      { rights: ["audit:read"], scope: { topicPrefixes: ["a."] } },
      "rights",
    ],
    ["an empty scope", { scope: {} }, "scope"],
  ])("with %s is refused", (_, over, field) => {
    const { error } = SaveRoleInput.safeParse({ name: "r", rights: READ, ...over });
    expect(error?.issues[0]?.path[0]).toBe(field);
  });

  it("with an unknown namespace, or with a taken name, is refused", async () => {
    const scope = { namespaces: ["none"] };
    await expect(role({ name: "r", rights: READ, scope })).rejects.toMatchObject({ code: "validation_failed" });
    await role({ name: "r", rights: READ });
    await expect(role({ name: "r", rights: READ, isNew: true })).rejects.toMatchObject({ faults: [{ field: "name" }] });
  });
});

it("a namespace is not changed by a caller who lacks a right that a role or a key has within it", async () => {
  const ctx = stack.ctx({ ...ADMIN, role: "service", rights: ["users:edit", ...RIGHTS_OF_ROLE.viewer] });
  const widen = (name: string) =>
    saveNamespace({ ctx, input: SaveNamespaceInput.parse({ name, topicPrefixes: ["a."] }) });
  const forbidden = { code: "forbidden", message: expect.stringContaining("You lack schedules:run") };
  for (const name of ["billing", "shop", "other"]) await namespace(name, [`${name}.`]);
  await role({ name: "r", rights: READ, scope: { namespaces: ["billing"] } });
  await expect(widen("billing")).resolves.toMatchObject({ topicPrefixes: ["a."] });
  await key({ rights: ["schedules:run"], scope: { namespaces: ["billing"] } });
  await role({ name: "runner", rights: ["schedules:run"], scope: { namespaces: ["shop"] } });
  await expect(widen("billing")).rejects.toMatchObject(forbidden);
  await expect(widen("shop")).rejects.toMatchObject(forbidden);
  await expect(widen("other")).resolves.toMatchObject({ topicPrefixes: ["a."] });
});

it("a namespace is not deleted while a role or a key names it", async () => {
  await namespace("billing", ["billing."]);
  await role({ name: "r", rights: READ, scope: { namespaces: ["billing"] } });
  const { secret } = await key({ name: "ci", scope: { namespaces: ["billing"] } });
  expect(await callerWith(secret)).toMatchObject({ scope: ["billing."], rights: READ });
  await expect(deleteNamespace({ ctx: admin(), input: named("billing") })).rejects.toMatchObject({
    message: "This namespace is in use by the role r, the API key ci. Change or remove them first.",
  });
});

describe("API keys", () => {
  it("with a scope are without rights for a release that knows no scopes", async () => {
    const { keyId, secret } = await key({ scope: { topicPrefixes: ["a."] } });
    const { json } = await stack.deps.hot.copiedOne("u", `key:${keyId}`);
    expect(JSON.parse(json as string).value).toMatchObject({ rights: [], singleRights: [] });
    const next = await rotateApiKey({ ctx: admin(), input: RotateApiKeyInput.parse({ keyId }) });
    for (const one of [secret, next.secret]) {
      expect(await callerWith(one)).toMatchObject({ scope: ["a."], rights: READ });
    }
  });

  it("of a service account are refused while it is disabled, and the audit trail names key and account", async () => {
    await account({ name: "worker", isNew: true });
    const { secret, owner } = await key({ serviceAccount: "worker" });
    expect(owner).toBe("service:worker");
    expect(await callerWith(secret)).toMatchObject({ owner: "service:worker" });
    const principal = await callerWith(secret);
    await writeAudit(stack.ctx(principal), { action: "system.sync", target: "promotion" });
    const entry = (await stack.documents()).map(({ json }) => JSON.parse(json)).find((one) => one.via === "api_key");
    expect(entry).toMatchObject({ actorId: principal?.id, actor: "k", onBehalfOf: "service:worker" });
    await account({ name: "worker", disabled: true });
    expect(await callerWith(secret)).toBeNull();
    await account({ name: "worker" });
    expect(await callerWith(secret)).not.toBeNull();
    expect((await listServiceAccounts({ ctx: admin() })).items).toMatchObject([{ name: "worker", keys: 1 }]);
    const remove = () => deleteServiceAccount({ ctx: admin(), input: named("worker") });
    await expect(remove()).rejects.toMatchObject({ code: "conflict" });
    await expect(key({ serviceAccount: "none" })).rejects.toMatchObject({ faults: [{ field: "service_account" }] });
  });

  it("of a disabled service account cannot be enabled by a caller who lacks the keys' rights", async () => {
    await account({ name: "worker" });
    await key({ serviceAccount: "worker", rights: ["schedules:run"] });
    await account({ name: "worker", disabled: true });
    const ctx = stack.ctx({ ...ADMIN, role: "service", rights: ["keys:edit"] });
    await expect(account({ name: "worker" }, ctx)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("of a person stop while the person is disabled, and when the person is deleted", async () => {
    await addUser("admin", "boss@example.com");
    const { userId } = await addUser("admin");
    const ctx = { ...admin(), principal: await (await signedIn())() };
    const { secret, owner } = await key({}, ctx);
    expect(owner).toBe(`user:${userId}`);
    // A key that was made with the person's key has the same owner.
    const child = await key(
      {},
      { ...ctx, principal: { ...((await callerWith(secret)) as Principal), rights: ["keys:edit", ...READ] } },
    );
    expect(child.owner).toBe(`user:${userId}`);
    await updateUser({ ctx: admin(), input: { userId, disabled: true } });
    for (const one of [secret, child.secret]) expect(await callerWith(one)).toBeNull();
    await updateUser({ ctx: admin(), input: { userId, disabled: false } });
    expect(await callerWith(secret)).not.toBeNull();
    await deleteUser({ ctx: admin(), input: { userId } });
    expect(await callerWith(secret)).toBeNull();
    expect((await listApiKeys({ ctx: admin() })).items).toHaveLength(3);
  });
});

it("changes of roles, namespaces and service accounts are on record, with what changed", async () => {
  await namespace("billing", ["billing."]);
  await namespace("billing", ["bills."]);
  await role({ name: "r", rights: READ });
  await deleteRole({ ctx: admin(), input: named("r") });
  await account({ name: "worker" });
  const entries = (await stack.documents()).filter(({ kind }) => kind === "a").map(({ json }) => JSON.parse(json));
  expect(entries.map(({ action, target }: AuditEntry & { action: string }) => `${action} ${target}`)).toEqual([
    "namespace.save namespace:billing",
    "namespace.save namespace:billing",
    "role.save role:r",
    "role.delete role:r",
    "service_account.save service:worker",
  ]);
  expect(entries[1]).toMatchObject({ before: { topicPrefixes: ["billing."] }, after: { topicPrefixes: ["bills."] } });
});
