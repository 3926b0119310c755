import type { Session } from "~/server/domain/session";
import type { Ctx } from "~/server/services/ctx";
import { endSessions } from "./sessions";

/** Ends the caller's session, if there is one. */
export async function signOut(call: { ctx: Ctx; session: Session | null }): Promise<void> {
  const { ctx, session } = call;
  if (session) await endSessions(ctx.deps, { userId: session.userId, select: (one) => one.id === session.id });
}
