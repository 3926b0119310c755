import { v7 } from "uuid";
import { Session } from "~/server/domain/session";
import type { Deps } from "~/server/services/ctx";
import { newSecret, sha256 } from "./secrets";

export const SESSION_COOKIE = "stufio_session";
/** A session ends this long after its sign-in. */
export const SESSION_MS = 14 * 86_400_000;
/** How stale "last seen" may be; it spares a write on each request. */
const SEEN_STEP_MS = 60_000;

type SessionDeps = Pick<Deps, "sessions" | "clock">;
type EndingDeps = SessionDeps & Pick<Deps, "verifiedSessions">;

/** Opens a session and answers the token for the cookie. */
export async function openSession(
  deps: SessionDeps,
  input: { userId: string; ip: string | null; userAgent: string | null },
): Promise<{ token: string; session: Session }> {
  const token = newSecret();
  const now = deps.clock.now();
  const session: Session = {
    id: v7(),
    userId: input.userId,
    createdAt: now,
    expiresAt: now + SESSION_MS,
    seenAt: now,
    ip: input.ip,
    userAgent: input.userAgent?.slice(0, 400) ?? null,
  };
  const { userId, expiresAt } = session;
  const stored = { tokenHash: sha256(token), userId, json: JSON.stringify(session), nowMs: now, expiresAt };
  await deps.sessions.open(stored);
  return { token, session };
}

/** The session of a token, or null when it has ended or was revoked. */
export async function readSession(deps: SessionDeps, token: string): Promise<Session | null> {
  const tokenHash = sha256(token);
  const json = await deps.sessions.read(tokenHash);
  if (json === null) return null;
  const session = Session.parse(JSON.parse(json));
  const now = deps.clock.now();
  if (session.expiresAt <= now) return null;
  if (now - session.seenAt > SEEN_STEP_MS) {
    await deps.sessions.replace(tokenHash, JSON.stringify({ ...session, seenAt: now }), session.expiresAt - now);
  }
  return session;
}

/** All sessions of a user with their keys, newest first. */
async function sessionsWithHashes(
  deps: SessionDeps,
  userId: string,
): Promise<{ tokenHash: string; session: Session }[]> {
  const rows = await deps.sessions.ofUser(userId);
  return rows
    .map(({ tokenHash, json }) => ({ tokenHash, session: Session.parse(JSON.parse(json)) }))
    .sort((a, b) => b.session.createdAt - a.session.createdAt);
}

export async function sessionsOf(deps: SessionDeps, userId: string): Promise<Session[]> {
  return (await sessionsWithHashes(deps, userId)).map((row) => row.session);
}

/** Ends those sessions of a user that `which` names; answers how many. */
export async function endSessions(
  deps: EndingDeps,
  input: { userId: string; which: (session: Session) => boolean },
): Promise<number> {
  const doomed = (await sessionsWithHashes(deps, input.userId)).filter((row) => input.which(row.session));
  if (doomed.length === 0) return 0;
  const tokenHashes = doomed.map((row) => row.tokenHash);
  await deps.sessions.end(input.userId, tokenHashes);
  for (const tokenHash of tokenHashes) deps.verifiedSessions.end(tokenHash, performance.now());
  return doomed.length;
}
