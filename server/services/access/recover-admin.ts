import { AppError } from "~/server/domain/errors";
import type { Deps } from "~/server/services/ctx";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { findUserByEmail, listUsers } from "./documents";
import { changeUser } from "./identity/change-user";
import { setRefused } from "./identity/provider-users";
import { hasSecondFactor, removeFactor } from "./identity/second-factor";
import { createLink, type NewLink } from "./password-links";

/**
 * Lets an admin in who has lost every access: makes the user an enabled admin without a second factor, and returns a
 * link that resets the password. For whoever sets the environment of the server (`RECOVER_ADMIN`).
 * @throws AppError `not_found`, with the addresses of all admins
 */
export async function recoverAdmin({ deps, email }: { deps: Deps; email: string }): Promise<NewLink> {
  const user = await findUserByEmail(deps, email);
  if (!user) {
    const admins = (await listUsers(deps)).filter(({ role }) => role === "admin").map(({ email }) => email);
    throw new AppError(
      "not_found",
      `RECOVER_ADMIN: no account has the e-mail address ${email}. Admins: ${admins.join(", ") || "none"}.`,
    );
  }
  const { user: enabled, confirm } = await changeUser(deps, user.id, (current) => ({
    ...setRefused(current, false),
    role: "admin",
    disabled: false,
  }));
  await confirm();
  if (hasSecondFactor(user)) await (await removeFactor(deps, user.id)).confirm();
  const ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "recover-admin" };
  return createLink(ctx, { user: enabled, validHours: 1, createdBy: "RECOVER_ADMIN" });
}
