import { AppError } from "~/server/domain/errors";
import { Session } from "~/server/domain/session";
import { SESSION_COOKIE } from "./auth";
import type { AuthDeps } from "./auth-call";
import { cookieSecret, signedValue } from "./cookie-secret";
import { handleOf } from "./session-storage";

/**
 * Headers by which better-auth finds the session of the caller, whose token only the browser knows. Throws
 * `unauthenticated` if the session has ended.
 */
export async function headersOf(deps: AuthDeps, session: Session): Promise<Headers> {
  const rows = await deps.sessions.ofUser(session.userId);
  const row = rows.find(({ json }) => Session.parse(JSON.parse(json)).id === session.id);
  if (!row) throw new AppError("unauthenticated", "The session has ended. Sign in again.");
  const value = signedValue(await cookieSecret(deps), handleOf(row.tokenHash));
  return new Headers({ cookie: `${SESSION_COOKIE}=${value}` });
}
