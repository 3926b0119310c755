import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { formerLevels, isBuiltIn, LEVELS, RIGHTS, singleRights } from "~/server/domain/rights";
import type { CopiedDocument } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";
import { type CopiedTable, requireCopy } from "~/server/services/documents/restore";
import { applyDocument, type Confirm, storeDocuments } from "~/server/services/documents/store-documents";
import { DIRECTORY, type DirectoryDocument, type DirectoryKind, StoredScope } from "./directory/schemas";
import { Base } from "./document-fields";

/*
 * Users, API keys, roles, namespaces, service accounts and the cookie secret are stored in ClickHouse. Requests read
 * the copy in Redis.
 */

/** Data that the sign-in library, better-auth, stores with a user in addition to `UserFields`. */
const IdentityFields = z.object({
  /** Fields of the library's plugins, and the flag of `identity/provider-users.ts`. */
  fields: z.record(z.string(), z.unknown()),
  /** The user's rows in the library's other models, by model. */
  rows: z.record(z.string(), z.array(z.looseObject({ id: z.string() }))),
});

const UserFields = z.object({
  ...Base,
  email: z.string(),
  name: z.string(),
  /** A built-in role, or the name of a custom role. */
  role: z.string(),
  /** Empty for a user without a password. */
  passwordHash: z.string(),
  disabled: z.boolean(),
  identity: IdentityFields.optional(),
});
export type User = z.infer<typeof UserFields>;

/**
 * The role that a former release reads in the field `role`, if an installation goes back to that release. It allows no
 * more than the role.
 */
const FORMER_ROLE = { admin: "admin", editor: "operator", operator: "viewer", viewer: "viewer" } as const;

const StoredOwnRole = z.object({ name: z.string(), disabled: z.boolean() });

/**
 * Reads a stored account. A custom role is in `ownRole`, a built-in role in `roles`. A row of a former release has only
 * `role`, with a former role.
 */
const UserFromStored = z.preprocess((stored) => {
  const { roles, role, ownRole, ...rest } = z
    .looseObject({ roles: z.array(z.string()).optional(), ownRole: StoredOwnRole.optional() })
    .parse(stored);
  if (ownRole) return { ...rest, role: ownRole.name, disabled: ownRole.disabled };
  return { ...rest, role: roles?.[0] ?? (role === "operator" ? "editor" : role) };
}, UserFields);

/** A release that knows no custom roles and no scopes reads a user with a custom role as a disabled one. */
function toStoredUser(user: User) {
  const { role, disabled } = user;
  if (isBuiltIn(role)) return { ...user, role: FORMER_ROLE[role], roles: [role] };
  return { ...user, role: "viewer", roles: ["viewer"], disabled: true, ownRole: { name: role, disabled } };
}

const KeyFields = z.object({
  ...Base,
  name: z.string(),
  /** The first characters of the secret, by which the page shows the key. */
  start: z.string(),
  hash: z.string(),
  rights: z.array(z.enum(RIGHTS)),
  /** Restricts the rights to some topics; null: all. */
  scope: StoredScope.nullable().default(null),
  createdBy: z.string(),
  /**
   * `user:<id>` or `service:<name>`: the key stops with its owner. Null for keys that `ADMIN_API_KEY` made, for
   * keys of former releases, and for keys that keys without an owner made.
   */
  owner: z.string().nullable().default(null),
  expiresAt: z.int().nullable(),
  /** Addresses and CIDR ranges that may use the key. All may use it if the list is empty. */
  allowedAddresses: z.array(z.string()).default([]),
  /** The id of the key with which a rotation replaced this key. */
  replacedBy: z.string().nullable().default(null),
  /** Whether the row is the revocation of an `ADMIN_API_KEY` with the same hash. */
  fromEnvironment: z.boolean().default(false),
});
export type ApiKey = z.infer<typeof KeyFields>;

/**
 * Reads a stored API key. Its rights are in `singleRights`, or in `scopedRights` if it has a scope. A row of a former
 * release has only levels, in `rights`.
 */
const KeyFromStored = z.preprocess((stored) => {
  const { singleRights: single, scopedRights, rights, ...rest } = FormerKey.parse(stored);
  return { ...rest, rights: scopedRights ?? single ?? singleRights(rights) };
}, KeyFields);
const FormerKey = z.looseObject({
  singleRights: z.array(z.string()).optional(),
  scopedRights: z.array(z.string()).optional(),
  rights: z.array(z.enum(LEVELS)),
});

/** A release that knows no scopes reads a key with a scope as one without rights. */
function toStoredKey(key: ApiKey) {
  if (key.scope) return { ...key, rights: [], singleRights: [], scopedRights: key.rights };
  return { ...key, rights: formerLevels(key.rights), singleRights: key.rights };
}

/** The secret that signs cookies, unless `AUTH_SECRET` is set. */
const SecretFields = z.object({ ...Base, secret: z.string() });
type StoredSecret = z.infer<typeof SecretFields>;

function storedValue({ type, value }: Stored) {
  if (type === "user") return toStoredUser(value);
  return type === "key" ? toStoredKey(value) : value;
}

const Row = z.object({ id: z.string(), version: z.int(), deleted: z.boolean() });

/** `id` is the type and the document's id, such as `user:<id>` or `role:<name>`. */
const AccessDocument = z.discriminatedUnion("type", [
  Row.extend({ type: z.literal("user"), value: UserFromStored }),
  Row.extend({ type: z.literal("key"), value: KeyFromStored }),
  Row.extend({ type: z.literal("secret"), value: SecretFields }),
  Row.extend({ type: z.literal("role"), value: DIRECTORY.role }),
  Row.extend({ type: z.literal("namespace"), value: DIRECTORY.namespace }),
  Row.extend({ type: z.literal("service"), value: DIRECTORY.service }),
]);

export type AccessDeps = Pick<Deps, "locks" | "apiKeyUses" | "hot" | "store" | "log">;

const KIND = DOCUMENT_KIND.account;
const byEmail = (email: string) => `email:${email.toLowerCase()}`;
const byHash = (hash: string) => `hash:${hash}`;
function indexOf({ type, value }: Stored): string | null {
  if (type === "user") return byEmail(value.email);
  return type === "key" ? byHash(value.hash) : null;
}

export const ACCOUNTS: CopiedTable = {
  kind: KIND,
  indexOf: (json) => indexOf(AccessDocument.parse(JSON.parse(json))),
};

type StoredEntry = { [K in DirectoryKind]: { type: K; value: DirectoryDocument<K> } }[DirectoryKind];
type Stored =
  | { type: "user"; value: User }
  | { type: "key"; value: ApiKey }
  | { type: "secret"; value: StoredSecret }
  | StoredEntry;

function documentOf(input: Stored, changes: { deleted?: boolean; version?: number } = {}): CopiedDocument {
  const { type, value } = input;
  const { deleted = false, version = value.version } = changes;
  const key = `${type}:${value.id}`;
  return {
    key,
    version,
    deleted,
    index: indexOf(input),
    json: JSON.stringify({ id: key, version, deleted, type, value: storedValue(input) }),
  };
}

function parse<V>(schema: z.ZodType<V>, json: string): V {
  return schema.parse((JSON.parse(json) as { value?: unknown }).value);
}

/** Reads the copy. If Redis lost data, restores the copy first. */
async function readComplete<T extends { complete: boolean }>(deps: AccessDeps, read: () => Promise<T>): Promise<T> {
  const found = await read();
  if (found.complete) return found;
  await requireCopy(deps, ACCOUNTS);
  return read();
}

async function readOne<V>(deps: AccessDeps, schema: z.ZodType<V>, key: string): Promise<V | null> {
  const { json } = await readComplete(deps, () => deps.hot.copiedOne(KIND, key));
  return json === null ? null : parse(schema, json);
}

async function readAll<V extends { createdAt: number }>(
  deps: AccessDeps,
  schema: z.ZodType<V>,
  prefix: string,
): Promise<V[]> {
  const { rows } = await readComplete(deps, () => deps.hot.copied(KIND));
  const found = [...rows].filter(([key]) => key.startsWith(prefix)).map(([, json]) => parse(schema, json));
  return found.sort((a, b) => a.createdAt - b.createdAt);
}

export async function listUsers(deps: AccessDeps): Promise<User[]> {
  return readAll(deps, UserFromStored, "user:");
}

export async function countUsers(deps: AccessDeps): Promise<number> {
  return (await listUsers(deps)).length;
}

export async function getUser(deps: AccessDeps, id: string): Promise<User | null> {
  return readOne(deps, UserFromStored, `user:${id}`);
}

/** `email` may have any letter case. */
export async function findUserByEmail(deps: AccessDeps, email: string): Promise<User | null> {
  const { json } = await readComplete(deps, () => deps.hot.copiedByIndex(KIND, byEmail(email)));
  return json === null ? null : parse(UserFromStored, json);
}

/**
 * Stores a new user. Call this inside `withDocumentLock`.
 * @throws AppError `conflict` if the e-mail address has an account; `clickhouse_unavailable` if nothing was stored
 */
export async function insertUser(deps: AccessDeps, user: User): Promise<void> {
  if (await findUserByEmail(deps, user.email)) {
    throw new AppError("conflict", "This e-mail address already has an account.", {
      faults: [{ field: "email", message: "already has an account" }],
    });
  }
  await insertNew(deps, { type: "user", value: user });
}

/**
 * Applies a changed user. Call this inside `withDocumentLock`. `user.version` must be newer than the stored version.
 * The returned function waits for ClickHouse.
 */
export function writeUser(deps: AccessDeps, user: User): Promise<Confirm> {
  return applyDocument(deps, KIND, documentOf({ type: "user", value: user }));
}

/** Call this inside `withDocumentLock`. */
export function removeUser(deps: AccessDeps, user: User, nowMs: number): Promise<Confirm> {
  const version = nextVersion(user, nowMs);
  return applyDocument(deps, KIND, documentOf({ type: "user", value: user }, { deleted: true, version }));
}

/** Whether `insertUser` or `insertKey` failed because ClickHouse did not confirm, and nothing was stored. */
export function storedNothing(error: unknown): boolean {
  return error instanceof AppError && error.code === "clickhouse_unavailable";
}

/** Returns the next version of a document, usually the time, so that it exceeds versions that Redis may have lost. */
export function nextVersion({ version }: { version: number }, nowMs: number): number {
  return Math.max(nowMs, version + 1);
}

export async function listKeys(deps: AccessDeps): Promise<ApiKey[]> {
  return readAll(deps, KeyFromStored, "key:");
}

export async function getKey(deps: AccessDeps, id: string): Promise<ApiKey | null> {
  return readOne(deps, KeyFromStored, `key:${id}`);
}

export async function findKeyByHash(deps: AccessDeps, hash: string): Promise<ApiKey | null> {
  const { json } = await readComplete(deps, () => deps.hot.copiedByIndex(KIND, byHash(hash)));
  return json === null ? null : parse(KeyFromStored, json);
}

/** Throws `clickhouse_unavailable` if nothing was stored. */
export async function insertKey(deps: AccessDeps, key: ApiKey): Promise<void> {
  await insertNew(deps, { type: "key", value: key });
}

export function writeKey(deps: AccessDeps, key: ApiKey): Promise<Confirm> {
  return applyDocument(deps, KIND, documentOf({ type: "key", value: key }));
}

/** Call this inside `withDocumentLock`. */
export async function removeKey(deps: AccessDeps, key: ApiKey, nowMs: number): Promise<Confirm> {
  const version = nextVersion(key, nowMs);
  const tombstone = documentOf({ type: "key", value: key }, { deleted: true, version });
  const confirm = await applyDocument(deps, KIND, tombstone);
  await deps.apiKeyUses.forget(key.id);
  return confirm;
}

/** The document of a kind with this name; null if there is none. */
export async function getEntry<K extends DirectoryKind>(
  deps: AccessDeps,
  kind: K,
  name: string,
): Promise<DirectoryDocument<K> | null> {
  return readOne(deps, DIRECTORY[kind] as unknown as z.ZodType<DirectoryDocument<K>>, `${kind}:${name}`);
}

/** The documents of a kind, oldest first. */
export async function listEntries<K extends DirectoryKind>(deps: AccessDeps, kind: K): Promise<DirectoryDocument<K>[]> {
  return readAll(deps, DIRECTORY[kind] as unknown as z.ZodType<DirectoryDocument<K>>, `${kind}:`);
}

/** Applies a new or changed document of the directory, like `writeUser`. */
export function writeEntry(deps: AccessDeps, entry: StoredEntry): Promise<Confirm> {
  return applyDocument(deps, KIND, documentOf(entry));
}

/** Call this inside `withDocumentLock`. */
export function removeEntry(deps: AccessDeps, entry: StoredEntry, nowMs: number): Promise<Confirm> {
  const version = nextVersion(entry.value, nowMs);
  return applyDocument(deps, KIND, documentOf(entry, { deleted: true, version }));
}

const COOKIE_SECRET = "cookies";

/** Returns null if no secret was generated yet. */
export async function getCookieSecret(deps: AccessDeps): Promise<string | null> {
  return (await readOne(deps, SecretFields, `secret:${COOKIE_SECRET}`))?.secret ?? null;
}

/** Call this inside `withDocumentLock`. Throws `clickhouse_unavailable` if nothing was stored. */
export async function insertCookieSecret(deps: AccessDeps, secret: string, nowMs: number): Promise<void> {
  // The version must exceed that of the tombstone that a failed attempt leaves under the same key.
  const value = { id: COOKIE_SECRET, version: nowMs, createdAt: nowMs, updatedAt: nowMs, secret };
  await insertNew(deps, { type: "secret", value });
}

async function insertNew(deps: AccessDeps, stored: Stored): Promise<void> {
  const undo = documentOf(stored, { deleted: true, version: stored.value.version + 1 });
  await storeDocuments(deps, KIND, [{ document: documentOf(stored), undo }]);
}
