import type { Session } from "~/server/domain/session";
import type { Principal } from "./principal";

/** A caller whose session and account were read from Redis. */
export interface Identity {
  principal: Principal;
  session: Session;
}

/**
 * How long after its last check a session is accepted while Redis does not respond, ms. A session that another process
 * has ended may stay usable for this time.
 */
export const VERIFIED_MS = 60_000;
const MAX_SESSIONS = 10_000;

/** A moment on both clocks. The monotonic clock measures ages. */
interface Moment {
  monotonicMs: number;
  epochMs: number;
}

/**
 * The sessions that this process has checked recently, by the hash of their token. Used only while Redis does not
 * respond (docs/adr/0014).
 */
export class VerifiedSessions {
  /** `identity` is null for a session that has ended, so that an earlier read cannot restore it. */
  readonly #entries = new Map<string, { at: number; identity: Identity | null }>();

  /** `readAt`: when the read of the check began, monotonic ms. */
  recordCheck(tokenHash: string, identity: Identity, readAt: number): void {
    const known = this.#entries.get(tokenHash);
    if (known && known.at >= readAt) return;
    this.#put(tokenHash, { at: readAt, identity });
  }

  /** Records that a session has ended. `at`: monotonic ms. */
  end(tokenHash: string, at: number): void {
    this.#put(tokenHash, { at, identity: null });
  }

  /** Returns null if the last check is too old, or the session has ended or expired. */
  recall(tokenHash: string, now: Moment): Identity | null {
    const known = this.#entries.get(tokenHash);
    if (!known?.identity || now.monotonicMs - known.at > VERIFIED_MS) return null;
    return known.identity.session.expiresAt > now.epochMs ? known.identity : null;
  }

  #put(tokenHash: string, entry: { at: number; identity: Identity | null }): void {
    // Delete the entry first, so that the map stays in the order of the checks.
    this.#entries.delete(tokenHash);
    this.#entries.set(tokenHash, entry);
    if (this.#entries.size <= MAX_SESSIONS) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
