import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import type { CopiedDocument } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";
import { type Confirm, enforceDocument, keepDocuments } from "~/server/services/documents/keep";
import { type CopiedTable, requireCopy } from "~/server/services/documents/restore";

/** The home of accounts and API keys is ClickHouse; requests read the copy in Redis. */
const Base = { id: z.string(), version: z.int(), createdAt: z.int(), updatedAt: z.int() };

export const User = z.object({
  ...Base,
  email: z.string(),
  name: z.string(),
  role: z.enum(["admin", "operator", "viewer"]),
  passwordHash: z.string(),
  disabled: z.boolean(),
});
export type User = z.infer<typeof User>;

export const ApiKey = z.object({
  ...Base,
  name: z.string(),
  /** The first characters, to tell keys apart on the page. */
  start: z.string(),
  hash: z.string(),
  rights: z.array(z.enum(["read", "write", "admin"])),
  createdBy: z.string(),
  expiresAt: z.int().nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** A row of the `accounts` table; `id` is `user:<id>` or `key:<id>`. */
const AccessDocument = z.discriminatedUnion("type", [
  z.object({ id: z.string(), version: z.int(), deleted: z.boolean(), type: z.literal("user"), value: User }),
  z.object({ id: z.string(), version: z.int(), deleted: z.boolean(), type: z.literal("key"), value: ApiKey }),
]);
type AccessDocument = z.infer<typeof AccessDocument>;

export type AccessDeps = Pick<Deps, "locks" | "apiKeyUses" | "hot" | "store" | "log">;

const KIND = "u" as const;
const byEmail = (email: string) => `email:${email.toLowerCase()}`;
const byHash = (hash: string) => `hash:${hash}`;
const indexOf = ({ type, value }: Pick<AccessDocument, "type" | "value">) =>
  type === "user" ? byEmail((value as User).email) : byHash((value as ApiKey).hash);

export const ACCOUNTS: CopiedTable = {
  kind: KIND,
  indexOf: (json) => indexOf(AccessDocument.parse(JSON.parse(json))),
};

type Stored = { type: "user"; value: User } | { type: "key"; value: ApiKey };

function documentOf(input: Stored, over: { deleted?: boolean; version?: number } = {}): CopiedDocument {
  const { type, value } = input;
  const { deleted = false, version = value.version } = over;
  const key = `${type}:${value.id}`;
  return {
    key,
    version,
    deleted,
    index: indexOf(input),
    json: JSON.stringify({ id: key, version, deleted, type, value }),
  };
}

function parse<V>(schema: z.ZodType<V>, json: string): V {
  return schema.parse((JSON.parse(json) as { value?: unknown }).value);
}

/** Reads again once the copy is filled where Redis was lost: until then nothing is known to be missing. */
async function sure<T extends { complete: boolean }>(deps: AccessDeps, read: () => Promise<T>): Promise<T> {
  const found = await read();
  if (found.complete) return found;
  await requireCopy(deps, ACCOUNTS);
  return read();
}

async function one<V>(deps: AccessDeps, schema: z.ZodType<V>, key: string): Promise<V | null> {
  const { json } = await sure(deps, () => deps.hot.copiedOne(KIND, key));
  return json === null ? null : parse(schema, json);
}

async function all<V extends User | ApiKey>(deps: AccessDeps, schema: z.ZodType<V>, start: string): Promise<V[]> {
  const { rows } = await sure(deps, () => deps.hot.copied(KIND));
  const found = [...rows].filter(([key]) => key.startsWith(start)).map(([, json]) => parse(schema, json));
  return found.sort((a, b) => a.createdAt - b.createdAt);
}

export async function listUsers(deps: AccessDeps): Promise<User[]> {
  return all(deps, User, "user:");
}

export async function countUsers(deps: AccessDeps): Promise<number> {
  return (await listUsers(deps)).length;
}

export async function getUser(deps: AccessDeps, id: string): Promise<User | null> {
  return one(deps, User, `user:${id}`);
}

/** `email` in any letter case. */
export async function findUserByEmail(deps: AccessDeps, email: string): Promise<User | null> {
  const { json } = await sure(deps, () => deps.hot.copiedBy(KIND, byEmail(email)));
  return json === null ? null : parse(User, json);
}

/**
 * Stores a new user. For the only writer.
 * @throws AppError `conflict` when the e-mail is taken; `clickhouse_unavailable`: nothing was kept.
 */
export async function insertUser(deps: AccessDeps, user: User): Promise<void> {
  if (await findUserByEmail(deps, user.email)) {
    throw new AppError("conflict", "This e-mail address has an account already.", {
      faults: [{ field: "email", message: "has an account already" }],
    });
  }
  await insertNew(deps, { type: "user", value: user });
}

/** Puts a changed user in force. For the only writer; `user.version` must be newer than the stored one. */
export function writeUser(deps: AccessDeps, user: User): Promise<Confirm> {
  return enforceDocument(deps, KIND, documentOf({ type: "user", value: user }));
}

/** For the only writer. */
export function removeUser(deps: AccessDeps, user: User, nowMs: number): Promise<Confirm> {
  const version = nextVersion(user, nowMs);
  return enforceDocument(deps, KIND, documentOf({ type: "user", value: user }, { deleted: true, version }));
}

/** By the clock, so that it is newer than a version that a Redis without its last writes has forgotten. */
export function nextVersion({ version }: { version: number }, nowMs: number): number {
  return Math.max(nowMs, version + 1);
}

export async function listKeys(deps: AccessDeps): Promise<ApiKey[]> {
  return all(deps, ApiKey, "key:");
}

export async function getKey(deps: AccessDeps, id: string): Promise<ApiKey | null> {
  return one(deps, ApiKey, `key:${id}`);
}

export async function findKeyByHash(deps: AccessDeps, hash: string): Promise<ApiKey | null> {
  const { json } = await sure(deps, () => deps.hot.copiedBy(KIND, byHash(hash)));
  return json === null ? null : parse(ApiKey, json);
}

/** Stores a new key. Throws `clickhouse_unavailable`: nothing was kept. */
export async function insertKey(deps: AccessDeps, key: ApiKey): Promise<void> {
  await insertNew(deps, { type: "key", value: key });
}

/** For the only writer. */
export async function removeKey(deps: AccessDeps, key: ApiKey, nowMs: number): Promise<Confirm> {
  const version = nextVersion(key, nowMs);
  const gone = documentOf({ type: "key", value: key }, { deleted: true, version });
  const confirm = await enforceDocument(deps, KIND, gone);
  await deps.apiKeyUses.forget(key.id);
  return confirm;
}

async function insertNew(deps: AccessDeps, stored: Stored): Promise<void> {
  const undo = documentOf(stored, { deleted: true, version: stored.value.version + 1 });
  await keepDocuments(deps, KIND, [{ document: documentOf(stored), undo }]);
}
