import { isBuiltIn } from "~/server/domain/rights";
import { compactPrefixes, type Scope, type TopicPrefixes } from "~/server/domain/scope";
import type { Principal } from "~/server/services/principal";
import { type AccessDeps, getEntry, getUser } from "../documents";
import { isRefused } from "../identity/provider-users";

/*
 * Roles, namespaces and owners change rarely and are read with each call. Each process keeps them for less than a
 * second, so that calls do not wait for more reads of Redis, and a change takes effect within a second.
 */
const KEPT_MS = 800;
/** Maximum number of documents kept per process. */
const MAX_KEPT = 10_000;

interface Kept {
  /** Monotonic ms. */
  readAt: number;
  value: Promise<unknown>;
}

const keptOf = new WeakMap<AccessDeps["hot"], Map<string, Kept>>();

function kept<T>(deps: AccessDeps, key: string, read: () => Promise<T>): Promise<T> {
  const documents = keptOf.get(deps.hot) ?? new Map<string, Kept>();
  keptOf.set(deps.hot, documents);
  const known = documents.get(key);
  if (known && performance.now() - known.readAt < KEPT_MS) return known.value as Promise<T>;
  if (documents.size >= MAX_KEPT) documents.clear();
  const value = read();
  documents.set(key, { readAt: performance.now(), value });
  value.catch(() => documents.delete(key));
  return value;
}

/** Makes this process read all documents again. Call this after a change. */
export function forgetKept(deps: Pick<AccessDeps, "hot">): void {
  keptOf.delete(deps.hot);
}

/** Returns the topic prefixes of a scope. A namespace that does not exist has none. */
export async function prefixesOf(deps: AccessDeps, scope: Scope): Promise<TopicPrefixes> {
  const namespaces = await Promise.all(
    scope.namespaces.map((name) => kept(deps, `namespace:${name}`, () => getEntry(deps, "namespace", name))),
  );
  return compactPrefixes([...scope.topicPrefixes, ...namespaces.flatMap((found) => found?.topicPrefixes ?? [])]);
}

/** Returns the rights and the scope of a custom role. A role that does not exist has no rights. */
async function grantOf(deps: AccessDeps, role: string): Promise<Pick<Principal, "rights" | "scope" | "scopeLabel">> {
  const found = await kept(deps, `role:${role}`, () => getEntry(deps, "role", role));
  if (!found) return { rights: [] };
  const { rights, scope } = found;
  if (scope === null) return { rights };
  const scopeLabel = [...scope.namespaces, ...scope.topicPrefixes].join(", ");
  return { rights, scope: await prefixesOf(deps, scope), scopeLabel };
}

/** Returns the role if it is built in or exists, otherwise null. */
export async function existingRole(deps: AccessDeps, role: string | null): Promise<string | null> {
  if (role === null || isBuiltIn(role)) return role;
  return (await kept(deps, `role:${role}`, () => getEntry(deps, "role", role))) ? role : null;
}

/** Adds the rights and the scope of a custom role to a caller. A caller with a built-in role is returned unchanged. */
export async function withRole(deps: AccessDeps, principal: Principal): Promise<Principal> {
  return isBuiltIn(principal.role) ? principal : { ...principal, ...(await grantOf(deps, principal.role)) };
}

/** Whether the owner of an API key exists, is enabled, and is not refused by the identity provider. */
export function isOwnerEnabled(deps: AccessDeps, owner: string): Promise<boolean> {
  return kept(deps, owner, () => readOwner(deps, owner));
}

async function readOwner(deps: AccessDeps, owner: string): Promise<boolean> {
  const [kind, id = ""] = owner.split(":");
  if (kind === "service") return (await getEntry(deps, "service", id))?.disabled === false;
  const user = await getUser(deps, id);
  return user !== null && !user.disabled && !isRefused(user);
}
