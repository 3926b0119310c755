import type { Session } from "~/server/domain/session";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { providerLogoutUrl } from "./identity/provider-logout";
import { endSessions } from "./sessions";

/**
 * Ends the caller's session, if there is one. At `url`, the identity provider signs the browser out; null if there is
 * no such address.
 */
export async function signOut(call: { ctx: Ctx; session: Session | null }): Promise<{ url: string | null }> {
  const { ctx, session } = call;
  if (!session) return { url: null };
  await endSessions(ctx.deps, { userId: session.userId, select: (one) => one.id === session.id });
  const principal = ctx.principal ?? ctx.enrolling ?? null;
  const target = { target: `user:${session.userId}`, targetName: principal?.email };
  await writeAudit({ ...ctx, principal }, { action: "session.close", ...target });
  return { url: await providerLogoutUrl(ctx.deps, session.userId) };
}
