import { AppError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import type { RevokeSessionInput } from "./inputs";
import { requireCaller } from "./require-right";
import { endSessions, sessionsOf } from "./sessions";

export interface SessionView {
  sessionId: string;
  current: boolean;
  createdAt: string;
  seenAt: string;
  expiresAt: string;
  ip: string | null;
  userAgent: string | null;
}

/** Returns the caller's own sessions, newest first. */
export async function listSessions(call: { ctx: Ctx; session: Session | null }): Promise<{ items: SessionView[] }> {
  const principal = requireCaller(call.ctx);
  const sessions = await sessionsOf(call.ctx.deps, principal.id);
  return {
    items: sessions.map((one) => ({
      sessionId: one.id,
      current: one.id === call.session?.id,
      createdAt: new Date(one.createdAt).toISOString(),
      seenAt: new Date(one.seenAt).toISOString(),
      expiresAt: new Date(one.expiresAt).toISOString(),
      ip: one.ip,
      userAgent: one.userAgent,
    })),
  };
}

/** Ends one of the caller's sessions, or all except the current session. Throws `not_found`. */
export async function revokeSession(call: {
  ctx: Ctx;
  input: RevokeSessionInput;
  session: Session | null;
}): Promise<{ ended: number }> {
  const { ctx, input, session } = call;
  const principal = requireCaller(ctx);
  const { sessionId } = input;
  const ended = await endSessions(ctx.deps, {
    userId: principal.id,
    select: (one) => (sessionId ? one.id === sessionId : one.id !== session?.id),
  });
  if (sessionId && ended === 0) throw new AppError("not_found", "This session does not exist.");
  if (ended > 0) await writeAudit(ctx, { action: "session.revoke", target: `user:${principal.id}`, after: { ended } });
  return { ended };
}
