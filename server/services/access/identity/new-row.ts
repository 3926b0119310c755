import { AppError } from "~/server/domain/errors";
import type { User } from "../documents";
import { withoutLink } from "./password-links";
import { PROVIDER_ID } from "./provider-profile";
import { isPasswordOfOthers, markPassword } from "./provider-users";
import { type Row, rowsOf, withoutRows, withRow } from "./rows";

/** More passkeys than anybody needs; all are in the user's document. */
const MAX_PASSKEYS = 20;

/** @throws AppError `conflict` for a user with the maximum number of passkeys */
export function requireRoomForPasskey(user: User): void {
  if (rowsOf(user, "passkey").length < MAX_PASSKEYS) return;
  throw new AppError("conflict", `An account has at most ${MAX_PASSKEYS} passkeys. Remove one first.`);
}

const isProviderRow = (model: string, row: Row) => model === "account" && row.providerId === PROVIDER_ID;

/**
 * A user with a new row. A link to the provider ends an open password link, and also the password and the passkeys if
 * the password came from another person, who may know it.
 * @throws AppError `conflict` for too many passkeys
 */
export function withNewRow(user: User, model: string, row: Row): User {
  if (model === "passkey") requireRoomForPasskey(user);
  if (!isProviderRow(model, row)) return withRow(user, model, row);
  const linked = withoutLink(withRow(user, model, row));
  if (!isPasswordOfOthers(user)) return linked;
  return { ...withoutRows(markPassword(linked, false), ["passkey"]), passwordHash: "" };
}
