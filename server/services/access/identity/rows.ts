import type { CleanedWhere } from "better-auth/adapters";
import type { User } from "../documents";

/*
 * better-auth stores rows in models: `user`, `account` (a password, or a link to an identity provider), and the models
 * of its plugins. All rows of a user are in that user's document, so each change is one write. Dates in rows are ISO
 * 8601.
 */

export type Row = Record<string, unknown>;

/** The provider of an `account` row with a password. */
const CREDENTIAL = "credential";
const credentialId = (user: User) => `${CREDENTIAL}:${user.id}`;

/** The rows of a user in a model. */
export function rowsOf(user: User, model: string): Row[] {
  if (model === "user") return [userRow(user)];
  const rows: Row[] = user.identity?.rows[model] ?? [];
  return model === "account" && user.passwordHash !== "" ? [credentialRow(user), ...rows] : rows;
}

function userRow(user: User): Row {
  const { id, email, name, role, disabled } = user;
  const hasPassword = user.passwordHash !== "";
  // `emailVerified`: the address comes from an admin or the identity provider, so this product does not verify it.
  const row = { id, email, emailVerified: true, name, image: null, role, disabled, hasPassword };
  return { ...user.identity?.fields, ...row, ...timesOf(user) };
}

function credentialRow(user: User): Row {
  const { id: userId, passwordHash: password } = user;
  return { id: credentialId(user), userId, accountId: userId, providerId: CREDENTIAL, password, ...timesOf(user) };
}

const timesOf = ({ createdAt, updatedAt }: User) => ({
  createdAt: new Date(createdAt).toISOString(),
  updatedAt: new Date(updatedAt).toISOString(),
});

/** A user with a new or changed row. The id and the e-mail address of a user do not change. */
export function withRow(user: User, model: string, row: Row): User {
  if (model === "user") return withUserRow(user, row);
  if (model === "account" && row.providerId === CREDENTIAL) {
    return { ...user, passwordHash: typeof row.password === "string" ? row.password : "" };
  }
  const rows = user.identity?.rows[model] ?? [];
  const id = String(row.id);
  const isNew = rows.every((one) => one.id !== id);
  return withRows(
    user,
    model,
    isNew ? [...rows, { ...row, id }] : rows.map((one) => (one.id === id ? { ...row, id } : one)),
  );
}

/** A user without one row of a model, which is not `user`. */
export function withoutRow(user: User, model: string, id: unknown): User {
  if (model === "account" && id === credentialId(user)) return { ...user, passwordHash: "" };
  const rows = user.identity?.rows[model] ?? [];
  return withRows(
    user,
    model,
    rows.filter((one) => one.id !== id),
  );
}

function withUserRow(user: User, row: Row): User {
  const { id: _, email: __, emailVerified: ___, image: ____, createdAt, updatedAt, hasPassword, ...rest } = row;
  const { name, role, disabled, ...fields } = rest;
  return {
    ...user,
    name: typeof name === "string" ? name : user.name,
    role: typeof role === "string" ? role : user.role,
    disabled: typeof disabled === "boolean" ? disabled : user.disabled,
    ...(Object.keys(fields).length > 0 || user.identity ? { identity: { rows: {}, ...user.identity, fields } } : {}),
  };
}

/** A user without the stored rows of some models. The password is not such a row. */
export function withoutRows(user: User, models: readonly string[]): User {
  if (!user.identity) return user;
  const rows = Object.entries(user.identity.rows).filter(([model]) => !models.includes(model));
  return { ...user, identity: { ...user.identity, rows: Object.fromEntries(rows) } };
}

const withRows = (user: User, model: string, rows: { id: string }[]): User => ({
  ...user,
  identity: { fields: {}, ...user.identity, rows: { ...user.identity?.rows, [model]: rows } },
});

/** Whether a row meets all AND clauses of a condition, and one of the OR clauses if there are any. */
export function matches(row: Row, where: readonly CleanedWhere[]): boolean {
  const either = where.filter(({ connector }) => connector === "OR");
  const all = where.filter(({ connector }) => connector !== "OR");
  return all.every((clause) => meets(row, clause)) && (either.length === 0 || either.some((one) => meets(row, one)));
}

function meets(row: Row, { field, operator, value }: CleanedWhere): boolean {
  const found = (row[field] ?? null) as string | number | boolean | null;
  const wanted = value as string | number | boolean | null;
  const order = () => (found === null || wanted === null ? Number.NaN : compare(found, wanted));
  switch (operator) {
    case "eq":
      return found === wanted;
    case "ne":
      return found !== wanted;
    case "in":
      return (value as unknown[]).includes(found);
    case "not_in":
      return !(value as unknown[]).includes(found);
    case "lt":
      return order() < 0;
    case "lte":
      return order() <= 0;
    case "gt":
      return order() > 0;
    case "gte":
      return order() >= 0;
    default:
      throw new Error(`The store of accounts does not support the operator ${operator}.`);
  }
}

/** Negative if `left` is less than `right`. ISO 8601 dates sort as text. */
export function compare(left: unknown, right: unknown): number {
  if (left === right) return 0;
  return (left as string | number) < (right as string | number) ? -1 : 1;
}
