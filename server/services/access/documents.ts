import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import type { Deps } from "~/server/services/ctx";
import { accessKeys } from "./keys";

/** Accounts and API keys live in Redis; each change also goes to ClickHouse as a document, so that both outlive Redis. */
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

/** What is appended for the `accounts` table; `id` is `user:<id>` or `key:<id>`. */
export const AccessDocument = z.discriminatedUnion("type", [
  z.object({ id: z.string(), version: z.int(), deleted: z.boolean(), type: z.literal("user"), value: User }),
  z.object({ id: z.string(), version: z.int(), deleted: z.boolean(), type: z.literal("key"), value: ApiKey }),
]);
export type AccessDocument = z.infer<typeof AccessDocument>;

type Doors = Pick<Deps, "redis" | "hot" | "facts">;

function document(input: { type: "user" | "key"; value: User | ApiKey; deleted: boolean }): string {
  const { type, value, deleted } = input;
  return JSON.stringify({ id: `${type}:${value.id}`, version: value.version, deleted, type, value });
}

const parseUser = (json: string) => User.parse(JSON.parse(json));
const parseKey = (json: string) => ApiKey.parse(JSON.parse(json));

export async function listUsers(deps: Doors): Promise<User[]> {
  const rows = await deps.redis.hvals(accessKeys(deps.facts.prefix).users);
  return rows.map(parseUser).sort((a, b) => a.createdAt - b.createdAt);
}

export async function countUsers(deps: Doors): Promise<number> {
  return deps.redis.hlen(accessKeys(deps.facts.prefix).users);
}

export async function getUser(deps: Doors, id: string): Promise<User | null> {
  const json = await deps.redis.hget(accessKeys(deps.facts.prefix).users, id);
  return json === null ? null : parseUser(json);
}

/** `email` in any letter case. */
export async function findUserByEmail(deps: Doors, email: string): Promise<User | null> {
  const id = await deps.redis.hget(accessKeys(deps.facts.prefix).emails, email.toLowerCase());
  return id === null ? null : getUser(deps, id);
}

/**
 * Writes a new user.
 * @throws AppError `conflict` when the e-mail is taken.
 */
export async function insertUser(deps: Doors, user: User): Promise<void> {
  const keys = accessKeys(deps.facts.prefix);
  // HSETNX decides between two at once; the loser must not touch the winner's row.
  const free = await deps.redis.hsetnx(keys.emails, user.email, user.id);
  if (free === 0 && (await findUserByEmail(deps, user.email))) {
    throw new AppError("conflict", "This e-mail address has an account already.", {
      faults: [{ field: "email", message: "has an account already" }],
    });
  }
  // A crash between the two writes leaves an e-mail without a user; it may be taken.
  if (free === 0) await deps.redis.hset(keys.emails, user.email, user.id);
  await writeUser(deps, user);
}

/** Writes a user that exists, and its document. */
export async function writeUser(deps: Doors, user: User): Promise<void> {
  await deps.redis.hset(accessKeys(deps.facts.prefix).users, user.id, JSON.stringify(user));
  await deps.hot.append("u", document({ type: "user", value: user, deleted: false }));
}

export async function removeUser(deps: Doors, user: User): Promise<void> {
  const keys = accessKeys(deps.facts.prefix);
  const gone = { ...user, version: user.version + 1 };
  await deps.redis.multi().hdel(keys.users, user.id).hdel(keys.emails, user.email).exec();
  await deps.hot.append("u", document({ type: "user", value: gone, deleted: true }));
}

export async function listKeys(deps: Doors): Promise<ApiKey[]> {
  const rows = await deps.redis.hvals(accessKeys(deps.facts.prefix).apiKeys);
  return rows.map(parseKey).sort((a, b) => a.createdAt - b.createdAt);
}

export async function getKey(deps: Doors, id: string): Promise<ApiKey | null> {
  const json = await deps.redis.hget(accessKeys(deps.facts.prefix).apiKeys, id);
  return json === null ? null : parseKey(json);
}

export async function findKeyByHash(deps: Doors, hash: string): Promise<ApiKey | null> {
  const id = await deps.redis.hget(accessKeys(deps.facts.prefix).apiKeyHashes, hash);
  return id === null ? null : getKey(deps, id);
}

export async function writeKey(deps: Doors, key: ApiKey): Promise<void> {
  const keys = accessKeys(deps.facts.prefix);
  await deps.redis
    .multi()
    .hset(keys.apiKeys, key.id, JSON.stringify(key))
    .hset(keys.apiKeyHashes, key.hash, key.id)
    .exec();
  await deps.hot.append("u", document({ type: "key", value: key, deleted: false }));
}

export async function removeKey(deps: Doors, key: ApiKey): Promise<void> {
  const keys = accessKeys(deps.facts.prefix);
  await deps.redis
    .multi()
    .hdel(keys.apiKeys, key.id)
    .hdel(keys.apiKeyHashes, key.hash)
    .hdel(keys.apiKeyUses, key.id)
    .exec();
  const gone = { ...key, version: key.version + 1 };
  await deps.hot.append("u", document({ type: "key", value: gone, deleted: true }));
}
