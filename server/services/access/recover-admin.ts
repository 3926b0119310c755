import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Deps } from "~/server/services/ctx";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { findUserByEmail, listUsers, type User } from "./documents";
import { changeUser } from "./identity/change-user";
import { linkOf, linkTokenOf, withLink } from "./identity/password-links";
import { setRefused, withoutOtherWays } from "./identity/provider-users";
import { withoutFactor } from "./identity/second-factor";
import { HOUR_MS, type NewLink, newLink, RESET_HOURS } from "./password-links";
import { newSecret } from "./secrets";
import { endSessions } from "./sessions";

const CREATED_BY = "RECOVER_ADMIN";

/**
 * Lets an admin in who has lost every access: makes the user an enabled admin without a password, a second factor,
 * passkeys and a link to the identity provider, ends the sessions, and returns a link that sets a password. For whoever
 * sets the environment of the server (`RECOVER_ADMIN`).
 * @throws AppError `not_found`, with the addresses of all admins; `conflict` while a link of a former call is open
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
  const secret = newSecret();
  let before = user;
  const { user: enabled, confirm } = await changeUser(deps, user.id, (current) => {
    const nowMs = deps.clock.now();
    // Otherwise each process and each restart would end the access that the link has just given.
    requireNoOpenLink(current, nowMs);
    before = current;
    const bare: User = withoutFactor(withoutOtherWays(setRefused(current, false)));
    const recovered: User = { ...bare, passwordHash: "", role: "admin", disabled: false };
    const validMs = RESET_HOURS * HOUR_MS;
    return withLink(recovered, { kind: "reset", secret, nowMs, validMs, createdBy: CREATED_BY });
  });
  await endSessions(deps, { userId: user.id, select: () => true });
  const ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "recover-admin" };
  const target = { target: `user:${user.id}`, targetName: user.email };
  const rights = ({ role, disabled }: User) => ({ role, disabled });
  await writeAudit(ctx, { action: "user.update", ...target, before: rights(before), after: rights(enabled) });
  await writeAudit(ctx, { action: "user.second_factor", ...target, note: "reset", after: { enabled: false } });
  await writeAudit(ctx, { action: "user.link", ...target, note: "password reset" });
  await confirm();
  return newLink(enabled, linkTokenOf({ userId: user.id, secret }));
}

function requireNoOpenLink(user: User, nowMs: number): void {
  const link = linkOf(user);
  if (link?.createdBy !== CREATED_BY || link.expiresAt <= nowMs) return;
  const until = new Date(link.expiresAt).toISOString();
  throw new AppError(
    "conflict",
    `RECOVER_ADMIN: the log of another start has the link of ${user.email}, which is valid until ${until}.`,
  );
}
