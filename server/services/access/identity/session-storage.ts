import type { SecondaryStorage } from "better-auth/db";
import { z } from "zod";
import { Session } from "~/server/domain/session";
import { getUser } from "../documents";
import { newSecret, sha256 } from "../secrets";
import { type AuthCall, type AuthDeps, currentCall, recordingFailure } from "./auth-call";
import { rowsOf } from "./rows";

/*
 * better-auth keeps sessions in its secondary storage by token, and lists the tokens of a user in one value. This
 * storage keeps only the hash of a token in Redis, and an index of a user's sessions that concurrent sign-ins cannot
 * corrupt. Other values, such as the state of a sign-in by OIDC, are stored unchanged.
 */

/** `seenAt` may be this old, so that not every request writes it, ms. */
const SEEN_INTERVAL_MS = 60_000;
/** A token of better-auth, or of a release before better-auth. */
const TOKEN = /^[A-Za-z0-9]{32}$|^[\w-]{43}$/;
export const isToken = (key: string) => TOKEN.test(key);
/** Prefix of the key of the value that lists the sessions of a user. */
const LIST = "active-sessions-";
/** Prefix of the key of a time before which a user's sessions are refused. Not stored, because sessions are removed. */
const REVOKED_BEFORE = "revoked-sessions-before-";

/**
 * Prefix of a handle, which replaces a token if only its hash is known. Random, so that no caller can send a handle.
 */
const HANDLE = `${newSecret()}:`;

/** better-auth reads and ends a session by its handle. */
export const handleOf = (tokenHash: string) => HANDLE + tokenHash;

/** Returns the hash of a session's token; null if the key is not that of a session. */
function tokenHashOf(key: string): string | null {
  if (key.startsWith(HANDLE)) return key.slice(HANDLE.length);
  return isToken(key) ? sha256(key) : null;
}

/** A session as better-auth writes it. */
const Written = z.object({
  session: z.object({
    ...{ id: z.string(), userId: z.string() },
    ...{ createdAt: z.coerce.date(), updatedAt: z.coerce.date(), expiresAt: z.coerce.date() },
    ...{ ipAddress: z.string().nullish(), userAgent: z.string().nullish(), isOfHost: z.boolean().nullish() },
  }),
});

export const sessionStorage: SecondaryStorage = {
  get: (key) =>
    recordingFailure(async ({ deps }) => {
      const tokenHash = tokenHashOf(key);
      if (tokenHash !== null) return readSession(deps, { token: key, tokenHash });
      if (key.startsWith(LIST)) return listSessions(deps, key.slice(LIST.length));
      return key.startsWith(REVOKED_BEFORE) ? null : deps.identityValues.get(sha256(key));
    }),

  set: (key, value, ttlSeconds) =>
    recordingFailure(async (call) => {
      const tokenHash = tokenHashOf(key);
      if (tokenHash !== null) return writeSession(call, { token: key, tokenHash, value });
      if (key.startsWith(LIST) || key.startsWith(REVOKED_BEFORE)) return;
      await call.deps.identityValues.set(sha256(key), value, ttlSeconds ?? null);
    }),

  delete: (key) =>
    recordingFailure(async ({ deps }) => {
      const tokenHash = tokenHashOf(key);
      if (tokenHash !== null) return endSession(deps, tokenHash);
      if (key.startsWith(LIST) || key.startsWith(REVOKED_BEFORE)) return;
      await deps.identityValues.delete(sha256(key));
    }),

  getAndDelete: (key) => recordingFailure(({ deps }) => deps.identityValues.take(sha256(key))),

  increment: (key, ttlSeconds) =>
    recordingFailure(({ deps }) => deps.identityValues.increment(sha256(key), ttlSeconds)),
};

/** Reads a session and its current user, so that a new role or a disabled account takes effect at once. */
async function readSession(deps: AuthDeps, { token, tokenHash }: { token: string; tokenHash: string }) {
  const json = await deps.sessions.read(tokenHash);
  if (json === null) return null;
  const session = Session.parse(JSON.parse(json));
  const now = deps.clock.now();
  if (session.expiresAt <= now) return null;
  const user = await getUser(deps, session.userId);
  if (!user || user.disabled) return null;
  if (!token.startsWith(HANDLE) && now - session.seenAt > SEEN_INTERVAL_MS) {
    await deps.sessions.replace(tokenHash, JSON.stringify({ ...session, seenAt: now }), session.expiresAt - now);
  }
  return JSON.stringify({ session: toRow(session, token), user: rowsOf(user, "user")[0] });
}

const toRow = (session: Session, token: string) => ({
  ...{ id: session.id, userId: session.userId, token },
  ...{ createdAt: session.createdAt, updatedAt: session.seenAt, expiresAt: session.expiresAt },
  ...{ ipAddress: session.ip, userAgent: session.userAgent, isOfHost: session.isOfHost ?? null },
});

async function listSessions(deps: AuthDeps, userId: string): Promise<string> {
  const rows = await deps.sessions.ofUser(userId);
  return JSON.stringify(
    rows.map(({ tokenHash, json }) => ({
      token: handleOf(tokenHash),
      expiresAt: Session.parse(JSON.parse(json)).expiresAt,
    })),
  );
}

/** Writes a new or an open session. A session that was ended meanwhile stays ended. */
async function writeSession(
  call: AuthCall,
  { token, tokenHash, value }: { token: string; tokenHash: string; value: string },
): Promise<void> {
  const { session: written } = Written.parse(JSON.parse(value));
  const session: Session = {
    ...{ id: written.id, userId: written.userId },
    ...{ createdAt: written.createdAt.getTime(), expiresAt: written.expiresAt.getTime() },
    ...{ seenAt: written.updatedAt.getTime(), ip: written.ipAddress || null, userAgent: written.userAgent || null },
    ...(written.isOfHost ? { isOfHost: true } : {}),
  };
  const { sessions, clock } = call.deps;
  const { userId, expiresAt } = session;
  const json = JSON.stringify(session);
  const nowMs = clock.now();
  if (call.openedTokens.delete(token)) await sessions.open({ tokenHash, userId, json, nowMs, expiresAt });
  else await sessions.replace(tokenHash, json, expiresAt - nowMs);
}

async function endSession({ sessions, verifiedSessions }: AuthDeps, tokenHash: string): Promise<void> {
  const json = await sessions.read(tokenHash);
  if (json !== null) await sessions.end(Session.parse(JSON.parse(json)).userId, [tokenHash]);
  verifiedSessions.end(tokenHash, performance.now());
}

/** Marks a session as one that the running call opens. */
export function openInCall(token: string): void {
  currentCall().openedTokens.add(token);
}
