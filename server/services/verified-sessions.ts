import type { Session } from "~/server/domain/session";
import type { Principal } from "./ctx";

/** A caller whose session and account were read from Redis. */
export interface Identity {
  principal: Principal;
  session: Session;
}

/**
 * How long after its last check a session is accepted while Redis does not respond, ms. Longer, and a session that
 * another process ended would be accepted for longer too.
 */
export const VERIFIED_MS = 60_000;
/** Entries of one process: the oldest are dropped. */
const MOST = 10_000;

/** What a moment is on both clocks: ages are measured by the monotonic one. */
interface Moment {
  monotonicMs: number;
  epochMs: number;
}

/**
 * The sessions that this process has checked lately, by the hash of their token. It never answers instead of a Redis
 * that responds (docs/adr/0014).
 */
export class VerifiedSessions {
  /** `identity` is null for a session that has ended, so that a read that began before does not bring it back. */
  readonly #entries = new Map<string, { at: number; identity: Identity | null }>();

  /** Notes a check. `readAt`: when its read began, monotonic ms. */
  note(tokenHash: string, identity: Identity, readAt: number): void {
    const known = this.#entries.get(tokenHash);
    if (known && known.at >= readAt) return;
    this.#put(tokenHash, { at: readAt, identity });
  }

  /** Forgets a session that has ended. `at`: monotonic ms. */
  end(tokenHash: string, at: number): void {
    this.#put(tokenHash, { at, identity: null });
  }

  /** The caller as of the last check; null where that is too long ago, or the session has ended or expired. */
  recall(tokenHash: string, now: Moment): Identity | null {
    const known = this.#entries.get(tokenHash);
    if (!known?.identity || now.monotonicMs - known.at > VERIFIED_MS) return null;
    return known.identity.session.expiresAt > now.epochMs ? known.identity : null;
  }

  #put(tokenHash: string, entry: { at: number; identity: Identity | null }): void {
    // Deleted first, so that the map is in the order of the last checks.
    this.#entries.delete(tokenHash);
    this.#entries.set(tokenHash, entry);
    if (this.#entries.size <= MOST) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
