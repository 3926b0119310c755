import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError, fieldError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import type { Confirm } from "~/server/services/documents/store-documents";
import { getEntry, nextVersion, removeEntry, writeEntry } from "../documents";
import { forgetKept } from "./look-up";
import type { DirectoryDocument, DirectoryKind } from "./schemas";

const NOUN = { role: "role", namespace: "namespace", service: "service account" } as const;
const VERB = { role: "role", namespace: "namespace", service: "service_account" } as const;

type Content<K extends DirectoryKind> = Omit<
  DirectoryDocument<K>,
  "id" | "version" | "createdAt" | "updatedAt" | "updatedBy"
>;

/**
 * Stores a role, a namespace or a service account. `check` may refuse the change. The change is in force within a
 * second in every process.
 * @throws AppError `validation_failed` if `isNew` and the name is taken; `conflict` if another change of accounts takes
 * too long; `clickhouse_unavailable` if the change is in force but ClickHouse did not confirm it; the errors of `check`
 */
export async function saveEntry<K extends DirectoryKind>(input: {
  ctx: Ctx;
  kind: K;
  name: string;
  isNew: boolean;
  content: Content<K>;
  check?: (current: DirectoryDocument<K> | null) => void | Promise<void>;
}): Promise<DirectoryDocument<K>> {
  const { ctx, kind, name, isNew, content, check } = input;
  const { deps, principal } = ctx;
  let confirm: Confirm = async () => {};
  const { before, after } = await withDocumentLock(deps, DOCUMENT_KIND.account, async () => {
    const current = await getEntry(deps, kind, name);
    if (isNew && current) {
      throw fieldError("validation_failed", { field: "name", message: `is the name of a ${NOUN[kind]} already` });
    }
    await check?.(current);
    const now = deps.clock.now();
    const value = {
      ...content,
      id: name,
      version: current ? nextVersion(current, now) : now,
      createdAt: current?.createdAt ?? now,
      updatedAt: now,
      updatedBy: principal?.email ?? principal?.name ?? "system",
    } as unknown as DirectoryDocument<K>;
    confirm = await writeEntry(deps, { type: kind, value } as Parameters<typeof writeEntry>[1]);
    return { before: current, after: value };
  });
  forgetKept(deps);
  await writeAudit(ctx, {
    ...{ action: `${VERB[kind]}.save` as const, target: `${kind}:${name}`, targetName: name },
    before: before && contentOf(before, content),
    after: content,
  });
  await confirm();
  return after;
}

const contentOf = <K extends DirectoryKind>(document: DirectoryDocument<K>, content: Content<K>) =>
  Object.fromEntries(Object.keys(content).map((name) => [name, document[name as keyof typeof document]]));

/**
 * Deletes a role, a namespace or a service account, unless it is in use.
 * @throws AppError `not_found`; `conflict` if it is in use, or another change of accounts takes too long;
 * `clickhouse_unavailable` if it is deleted but ClickHouse did not confirm it
 */
export async function deleteEntry<K extends DirectoryKind>(input: {
  ctx: Ctx;
  kind: K;
  name: string;
  /** Returns the users, roles and API keys that use the document, in words. */
  usersOf: (document: DirectoryDocument<K>) => Promise<string[]>;
}): Promise<{ name: string }> {
  const { ctx, kind, name, usersOf } = input;
  const { deps } = ctx;
  const { found, confirm } = await withDocumentLock(deps, DOCUMENT_KIND.account, async () => {
    const current = await getEntry(deps, kind, name);
    if (!current) throw new AppError("not_found", `There is no ${NOUN[kind]} with this name.`);
    const users = await usersOf(current);
    if (users.length > 0) throw inUse(kind, users);
    const entry = { type: kind, value: current } as unknown as Parameters<typeof removeEntry>[1];
    return { found: current, confirm: await removeEntry(deps, entry, deps.clock.now()) };
  });
  forgetKept(deps);
  const { id: _, version: __, ...before } = found;
  await writeAudit(ctx, {
    ...{ action: `${VERB[kind]}.delete` as const, target: `${kind}:${name}`, targetName: name, before },
  });
  await confirm();
  return { name };
}

/** Maximum number of users, roles and API keys in an error. */
const NAMED = 5;

function inUse(kind: DirectoryKind, users: readonly string[]): AppError {
  const named = users.slice(0, NAMED).join(", ");
  const more = users.length > NAMED ? ` and ${users.length - NAMED} more` : "";
  return new AppError("conflict", `This ${NOUN[kind]} is in use by ${named}${more}. Change or remove them first.`);
}
