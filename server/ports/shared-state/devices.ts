/** Browsers, by the hash of their cookie, and the users who signed in with them. */
export interface Devices {
  /** Whether any user has signed in with this browser. */
  isKnown(deviceHash: string): Promise<boolean>;
  /** Whether this user has signed in with this browser. */
  isKnownOf(deviceHash: string, userId: string): Promise<boolean>;
  /** Forgotten `ttlMs` after the last call. */
  remember(deviceHash: string, userId: string, ttlMs: number): Promise<void>;
}
