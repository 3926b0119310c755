import { Session } from "~/server/domain/session";
import type { Deps } from "~/server/services/ctx";

type EndDeps = Pick<Deps, "sessions" | "verifiedSessions">;

/** Newest first. */
async function sessionsWithHashes(
  deps: Pick<Deps, "sessions">,
  userId: string,
): Promise<{ tokenHash: string; session: Session }[]> {
  const rows = await deps.sessions.ofUser(userId);
  return rows
    .map(({ tokenHash, json }) => ({ tokenHash, session: Session.parse(JSON.parse(json)) }))
    .sort((a, b) => b.session.createdAt - a.session.createdAt);
}

export async function sessionsOf(deps: Pick<Deps, "sessions">, userId: string): Promise<Session[]> {
  return (await sessionsWithHashes(deps, userId)).map((row) => row.session);
}

/**
 * Ends the selected sessions of a user, who may be disabled or deleted. better-auth would not list the sessions of such
 * a user. Returns how many sessions ended.
 */
export async function endSessions(
  deps: EndDeps,
  input: { userId: string; select: (session: Session) => boolean },
): Promise<number> {
  const selected = (await sessionsWithHashes(deps, input.userId)).filter((row) => input.select(row.session));
  if (selected.length === 0) return 0;
  const tokenHashes = selected.map((row) => row.tokenHash);
  await deps.sessions.end(input.userId, tokenHashes);
  for (const tokenHash of tokenHashes) deps.verifiedSessions.end(tokenHash, performance.now());
  return selected.length;
}
