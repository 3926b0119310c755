import { type CleanedWhere, createAdapterFactory } from "better-auth/adapters";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { findUserByEmail, getUser, insertUser, listUsers, type User } from "../documents";
import { endSessions } from "../sessions";
import { type AuthCall, type AuthDeps, recordingFailure } from "./auth-call";
import { changeUser } from "./change-user";
import { withNewRow } from "./new-row";
import { withoutLink } from "./password-links";
import { compare, matches, type Row, rowsOf, withoutRow, withRow } from "./rows";

/**
 * Stores better-auth's models in the accounts of ClickHouse and their copy in Redis. `session-storage.ts` stores
 * sessions and short-lived values.
 */
export const accountAdapter = createAdapterFactory({
  config: {
    adapterId: "stufio-accounts",
    supportsDates: false,
    supportsJSON: true,
    supportsArrays: true,
    supportsNumericIds: false,
  },
  adapter: () => ({
    create: ({ model, data }) =>
      recordingFailure(async (call) => {
        if (model === "user") await createUser(call.deps, data);
        else await createRow(call, model, data);
        return data;
      }),

    findOne: ({ model, where }) =>
      recordingFailure(async ({ deps }) => ((await find(deps, model, where))[0]?.row ?? null) as never),

    findMany: ({ model, where, limit, sortBy, offset = 0 }) =>
      recordingFailure(async ({ deps }) => {
        const rows = (await find(deps, model, where ?? [])).map(({ row }) => row);
        if (sortBy) {
          const sign = sortBy.direction === "asc" ? 1 : -1;
          rows.sort((a, b) => sign * compare(a[sortBy.field], b[sortBy.field]));
        }
        return rows.slice(offset, offset + limit) as never[];
      }),

    count: ({ model, where }) => recordingFailure(async ({ deps }) => (await find(deps, model, where ?? [])).length),

    update: ({ model, where, update }) =>
      recordingFailure(async (call) => {
        const [found] = await find(call.deps, model, where);
        return (found ? await changeRow(call, { model, where, update: update as Row }, found) : null) as never;
      }),

    updateMany: ({ model, where, update }) =>
      recordingFailure(async (call) => {
        let changed = 0;
        for (const one of await find(call.deps, model, where)) {
          if (await changeRow(call, { model, where, update }, one)) changed += 1;
        }
        return changed;
      }),

    delete: ({ model, where }) =>
      recordingFailure(async (call) => {
        const [found] = await find(call.deps, model, where);
        if (found) await removeRow(call, model, found);
      }),

    deleteMany: ({ model, where }) =>
      recordingFailure(async (call) => {
        const found = await find(call.deps, model, where);
        for (const one of found) await removeRow(call, model, one);
        return found.length;
      }),
  }),
});

interface Found {
  userId: string;
  row: Row;
}

async function find(deps: AuthDeps, model: string, where: readonly CleanedWhere[]): Promise<Found[]> {
  const users = await candidates(deps, model, where);
  return users.flatMap((user) =>
    rowsOf(user, model)
      .filter((row) => matches(row, where))
      .map((row) => ({ userId: user.id, row })),
  );
}

/** Returns the users whose rows may meet the condition. If the condition identifies a user, returns only that user. */
async function candidates(deps: AuthDeps, model: string, where: readonly CleanedWhere[]): Promise<User[]> {
  const wanted = (field: string) =>
    where.find((one) => one.field === field && one.operator === "eq" && one.connector === "AND")?.value;
  const id = wanted(model === "user" ? "id" : "userId");
  const email = model === "user" ? wanted("email") : undefined;
  if (id === undefined && email === undefined) return listUsers(deps);
  const user = id === undefined ? await findUserByEmail(deps, String(email)) : await getUser(deps, String(id));
  return user ? [user] : [];
}

async function createUser(deps: AuthDeps, data: Row): Promise<void> {
  const now = deps.clock.now();
  const empty: User = {
    ...{ id: String(data.id), version: 1, createdAt: now, updatedAt: now },
    ...{ email: String(data.email), name: String(data.name), role: "viewer", passwordHash: "", disabled: false },
  };
  await withDocumentLock(deps, DOCUMENT_KIND.account, () => insertUser(deps, withRow(empty, "user", data)));
}

async function createRow(call: AuthCall, model: string, data: Row): Promise<void> {
  const userId = String(data.userId);
  let endsPassword = false;
  await applyChange(call, userId, (user) => {
    const next = withNewRow(user, model, data);
    endsPassword = user.passwordHash !== "" && next.passwordHash === "";
    return next;
  });
  if (endsPassword) await endSessions(call.deps, { userId, select: () => true });
}

/**
 * Applies a change in Redis at once, so that a revocation takes effect even while ClickHouse is down. `call.confirms`
 * waits for ClickHouse.
 */
async function applyChange(call: AuthCall, userId: string, next: (user: User) => User): Promise<void> {
  const { confirm } = await changeUser(call.deps, userId, next);
  call.confirms.push(confirm);
}

/** Returns the changed row; null if another request changed it so that the condition no longer holds. */
async function changeRow(
  call: AuthCall,
  { model, where, update }: { model: string; where: readonly CleanedWhere[]; update: Row },
  { userId, row }: Found,
): Promise<Row | null> {
  let changed: Row | null = null;
  await applyChange(call, userId, (user) => {
    const current = rowsOf(user, model).find((one) => one.id === row.id && matches(one, where));
    if (!current) return user;
    changed = { ...current, ...update };
    const next = withRow(user, model, changed);
    // With a new password, an open link stops working.
    return next.passwordHash === user.passwordHash ? next : withoutLink(next);
  });
  return changed;
}

async function removeRow(call: AuthCall, model: string, { userId, row }: Found): Promise<void> {
  // `deleteUser` protects the last admin and writes the audit entry.
  if (model === "user") throw new Error("Users are deleted by deleteUser.");
  await applyChange(call, userId, (user) => withoutRow(user, model, row.id));
}
