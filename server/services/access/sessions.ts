import { v7 } from "uuid";
import { Session } from "~/server/domain/session";
import type { Deps } from "~/server/services/ctx";
import { newSecret, sha256 } from "./secrets";

export const SESSION_COOKIE = "stufio_session";
/** How long a session lasts after its sign-in, ms. */
export const SESSION_MS = 14 * 86_400_000;
/** `seenAt` may be this old, ms, so that not every request writes it. */
const SEEN_INTERVAL_MS = 60_000;

type SessionDeps = Pick<Deps, "sessions" | "clock">;
type EndDeps = SessionDeps & Pick<Deps, "verifiedSessions">;

/** Opens a session. Returns the token for the cookie. */
export async function openSession(
  deps: SessionDeps,
  input: { userId: string; ip: string | null; userAgent: string | null; isHttps?: boolean },
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
    ...(input.isHttps ? { isOfHost: true } : {}),
  };
  const { userId, expiresAt } = session;
  const stored = { tokenHash: sha256(token), userId, json: JSON.stringify(session), nowMs: now, expiresAt };
  await deps.sessions.open(stored);
  return { token, session };
}

/** The session of a token, or null if it does not exist, has expired or was revoked. */
export async function readSession(deps: SessionDeps, token: string): Promise<Session | null> {
  const tokenHash = sha256(token);
  const json = await deps.sessions.read(tokenHash);
  if (json === null) return null;
  const session = Session.parse(JSON.parse(json));
  const now = deps.clock.now();
  if (session.expiresAt <= now) return null;
  if (now - session.seenAt > SEEN_INTERVAL_MS) {
    await deps.sessions.replace(tokenHash, JSON.stringify({ ...session, seenAt: now }), session.expiresAt - now);
  }
  return session;
}

/** All sessions of a user with the hashes of their tokens, newest first. */
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

/** Ends the selected sessions of a user. Returns how many ended. */
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
