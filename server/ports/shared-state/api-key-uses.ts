/** When each API key was used last, epoch ms, accurate to a second. Stored only in Redis. */
export interface ApiKeyUses {
  setLastUsed(keyId: string, nowMs: number): Promise<void>;
  all(): Promise<ReadonlyMap<string, number>>;
  forget(keyId: string): Promise<void>;
}
