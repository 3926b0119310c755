/** Browsers, each under the hash of its cookie, and who has signed in with them. */
export interface Devices {
  isKnown(deviceHash: string): Promise<boolean>;
  isKnownOf(deviceHash: string, userId: string): Promise<boolean>;
  /** Forgotten `ttlMs` after the last call. */
  remember(deviceHash: string, userId: string, ttlMs: number): Promise<void>;
}
