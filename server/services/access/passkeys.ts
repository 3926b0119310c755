import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { confirmPassword, type OwnCall, type OwnUser, ownUser } from "./confirm-password";
import { changeUser } from "./identity/change-user";
import { requireRoomForPasskey } from "./identity/new-row";
import {
  addPasskey as add,
  type Ceremony,
  createAuthentication,
  createRegistration,
  signInByPasskey as openByPasskey,
  passkeysOf,
} from "./identity/passkeys";
import { withoutRow, withRow } from "./identity/rows";
import type { AddPasskeyInput, PasskeyId, PasskeySignInInput, RenamePasskeyInput, StartPasskeyInput } from "./inputs";
import { type Browser, type SignedIn, signedIn } from "./sign-in";

export interface PasskeyView {
  passkeyId: string;
  name: string;
  createdAt: string | null;
  /** Whether the passkey is backed up, so that other devices of its owner may have it. */
  synced: boolean;
}

/** The caller's passkeys, oldest first. */
export async function listPasskeys(call: OwnCall): Promise<{ items: PasskeyView[]; hasPassword: boolean }> {
  const { user } = await ownUser(call);
  const items = passkeysOf(user).map(({ id, name, createdAt, backedUp }) => ({
    passkeyId: id,
    name: name || "Passkey",
    createdAt: createdAt ?? null,
    synced: backedUp,
  }));
  return { items, hasPassword: user.passwordHash !== "" };
}

/**
 * Begins to add a passkey for the caller.
 * @throws AppError `validation_failed` for a wrong password; `conflict` for too many passkeys; `rate_limited`
 */
export async function startPasskey(call: OwnCall & { input: StartPasskeyInput; origin: string }): Promise<Ceremony> {
  const { ctx, input, origin } = call;
  const { user, session } = await ownUser(call);
  requireRoomForPasskey(user);
  if (user.passwordHash !== "") await confirmPassword(ctx, { user, session, password: input.password ?? "" });
  return createRegistration(ctx.deps, { origin, session });
}

/**
 * Adds the passkey that the browser has created.
 * @throws AppError `validation_failed` if the answer does not belong to the ceremony or is not a JSON object, or the
 * user was not verified; `conflict` for too many passkeys
 */
export async function addPasskey(
  call: OwnCall & { input: AddPasskeyInput; origin: string },
): Promise<{ passkeyId: string }> {
  const { ctx, input, origin } = call;
  const own = await ownUser(call);
  const { id, confirm } = await add(ctx.deps, { ...input, origin, session: own.session });
  await audit(call, own, `added ${input.name}`);
  await confirm();
  return { passkeyId: id };
}

/** Renames a passkey of the caller. @throws AppError `not_found` */
export async function renamePasskey(call: OwnCall & { input: RenamePasskeyInput }): Promise<PasskeyId> {
  const { passkeyId, name } = call.input;
  const own = await ownUser(call);
  const { confirm } = await changeUser(call.ctx.deps, own.user.id, (current) => {
    const passkey = passkeysOf(current).find(({ id }) => id === passkeyId);
    if (!passkey) throw missing();
    return withRow(current, "passkey", { ...passkey, name });
  });
  await audit(call, own, `renamed to ${name}`);
  await confirm();
  return { passkeyId };
}

/** Removes a passkey of the caller. @throws AppError `not_found` */
export async function removePasskey(call: OwnCall & { input: PasskeyId }): Promise<PasskeyId> {
  const { passkeyId } = call.input;
  const own = await ownUser(call);
  const { confirm } = await changeUser(call.ctx.deps, own.user.id, (current) => {
    if (!passkeysOf(current).some(({ id }) => id === passkeyId)) throw missing();
    return withoutRow(current, "passkey", passkeyId);
  });
  const name = passkeysOf(own.user).find(({ id }) => id === passkeyId)?.name ?? "a passkey";
  await audit(call, own, `removed ${name}`);
  await confirm();
  return { passkeyId };
}

/** Begins a sign-in by a passkey. */
export function startPasskeySignIn({ ctx, origin }: { ctx: Ctx; origin: string }): Promise<Ceremony> {
  return createAuthentication(ctx.deps, { origin });
}

/**
 * Opens a session for the user of a passkey. The authenticator has verified the user, so no code is asked for.
 * @throws AppError `unauthenticated` if the passkey does not sign the user in; `validation_failed` if the response is
 * not a JSON object
 */
export async function signInByPasskey(call: {
  ctx: Ctx;
  input: PasskeySignInInput;
  origin: string;
  browser: Browser;
}): Promise<SignedIn> {
  const { ctx, input, origin, browser } = call;
  const opened = await openByPasskey(ctx.deps, { ...input, origin, browser });
  return signedIn({ ctx, opened, browser, note: "passkey" });
}

const missing = () => new AppError("not_found", "This passkey does not exist.");

function audit({ ctx }: OwnCall, { user, principal }: OwnUser, note: string): Promise<void> {
  const target = { target: `user:${user.id}`, targetName: user.email };
  return writeAudit({ ...ctx, principal }, { action: "user.passkey", ...target, note });
}
