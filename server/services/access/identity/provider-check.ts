import { setTimeout as pause } from "node:timers/promises";
import type { OidcSettings } from "~/server/domain/oidc";
import { auditDocument, type NewAuditEntry } from "~/server/services/audit";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { withTimeout } from "~/server/timing/request-timeout";
import { existingRole } from "../directory/look-up";
import { getUser, type User } from "../documents";
import { endSessions } from "../sessions";
import { withOidcAuth } from "./auth";
import type { AuthDeps } from "./auth-call";
import { changeUser } from "./change-user";
import { askProvider, isProviderReachable, PROVIDER_ID, PROVIDER_MS } from "./provider-profile";
import { acceptUser, setRefused } from "./provider-users";
import { type Row, rowsOf } from "./rows";

/** How long an answer of the provider is accepted, ms. Together with the request less than a minute. */
const CHECK_MS = 45_000;
/** Time until the next check if the provider did not answer, ms. */
const RETRY_MS = 15_000;
/** Longer than refreshing a token takes, ms. */
const LOCK_MS = 20_000;
/** Pause between two tries to get the lock, ms. */
const LOCK_POLL_MS = 50;
/** Maximum number of users whose last check this process keeps. */
const MAX_USERS = 10_000;

class ProviderTimeout extends Error {}

type Verdict = { kind: "known"; role: string | null } | { kind: "refused" | "expired" | "unreachable" };

interface Check {
  /** When the next check is due, monotonic ms. */
  validUntil: number;
  running: Promise<void> | null;
}

const checks = new WeakMap<OidcSettings, Map<string, Check>>();

/**
 * Asks the identity provider about the user of a session: at most every 45 s in this process, or every 15 s while the
 * provider does not answer. Applies the role of the user's groups, and ends the sessions of a user whom the provider no
 * longer accepts. While the provider does not answer, its last answer stays in force. Does not wait for ClickHouse,
 * because the next check repeats a lost change. Returns whether the user or the sessions may have changed.
 */
export async function checkAtProvider(deps: AuthDeps, userId: string): Promise<boolean> {
  const { oidc } = deps.env;
  if (!oidc) return false;
  const known = checks.get(oidc) ?? new Map<string, Check>();
  checks.set(oidc, known);
  const check = known.get(userId) ?? { validUntil: 0, running: null };
  if (performance.now() < check.validUntil) return false;
  if (known.size >= MAX_USERS) known.clear();
  known.set(userId, check);
  check.running ??= runCheck(deps, oidc, userId)
    .then((validMs) => {
      check.validUntil = performance.now() + validMs;
    })
    .finally(() => {
      check.running = null;
    });
  await check.running;
  return true;
}

/** Returns how long the result is valid, ms. */
async function runCheck(deps: AuthDeps, oidc: OidcSettings, userId: string): Promise<number> {
  const user = await getUser(deps, userId);
  const link = user && rowsOf(user, "account").find((row) => row.providerId === PROVIDER_ID);
  if (!user || !link) return CHECK_MS;
  const verdict = await verdictOf(deps, oidc, link);
  if (verdict.kind === "unreachable") {
    deps.log.warn({ userId }, "identity provider did not answer; its last answer stays in force");
    return RETRY_MS;
  }
  if (verdict.kind === "known" && verdict.role !== null) {
    const { user: next } = await acceptUser(deps, user, verdict.role);
    if (next.role === user.role) return CHECK_MS;
    await audit(deps, user, { action: "user.update", before: { role: user.role }, after: { role: next.role } });
    return CHECK_MS;
  }
  await refuse(deps, user, verdict.kind);
  return 0;
}

/** Ends all sessions of a user. Unless only the token has expired, also refuses other ways to sign in. */
async function refuse(deps: AuthDeps, user: User, kind: "known" | "refused" | "expired"): Promise<void> {
  if (kind !== "expired") await changeUser(deps, user.id, (current) => setRefused(current, true));
  const ended = await endSessions(deps, { userId: user.id, select: () => true });
  if (ended > 0) await audit(deps, user, { action: "session.revoke", after: { ended } });
}

async function audit(
  deps: AuthDeps,
  user: User,
  entry: Pick<NewAuditEntry, "action" | "before" | "after">,
): Promise<void> {
  const target = { target: `user:${user.id}`, targetName: user.email, note: "by the identity provider" };
  const ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "identity-provider" };
  const { kind, json } = auditDocument(ctx, { ...entry, ...target });
  await deps.hot.append(kind, json);
}

async function verdictOf(deps: AuthDeps, oidc: OidcSettings, link: Row): Promise<Verdict> {
  const accessToken = await accessTokenOf(deps, link);
  if (accessToken === null) return { kind: (await isProviderReachable(oidc)) ? "expired" : "unreachable" };
  const answer = await askProvider(oidc, accessToken);
  if (answer.kind === "known") return { kind: "known", role: await existingRole(deps, answer.role) };
  if (answer.kind === "unreachable") return { kind: "unreachable" };
  if (!(await isProviderReachable(oidc))) return { kind: "unreachable" };
  return { kind: link.refreshToken || !hasExpired(deps, link) ? "refused" : "expired" };
}

const hasExpired = (deps: AuthDeps, link: Row) =>
  typeof link.accessTokenExpiresAt === "string" && Date.parse(link.accessTokenExpiresAt) <= deps.clock.now();

/**
 * Returns the access token, refreshed if it is about to expire; null if the refresh failed. Only one process refreshes
 * a token, because providers may revoke all tokens of a user whose refresh token is used twice.
 */
async function accessTokenOf(deps: AuthDeps, link: Row): Promise<string | null> {
  const lock = deps.locks(`oidc-${String(link.id)}`, LOCK_MS);
  while (!(await lock.hold())) await pause(LOCK_POLL_MS);
  try {
    const body = { accountId: String(link.id), userId: String(link.userId) };
    const reading = withOidcAuth({ deps }, (auth) =>
      auth.api.getAccessToken({ body }).then(
        ({ accessToken }) => accessToken,
        () => null,
      ),
    );
    // better-auth sets no timeout for requests to the provider.
    const { result } = await withTimeout(reading, { timeoutMs: PROVIDER_MS, error: () => new ProviderTimeout() });
    return result;
  } catch (error) {
    if (error instanceof ProviderTimeout) return null;
    throw error;
  } finally {
    await lock.release();
  }
}
