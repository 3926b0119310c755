/** When each API key was used last, epoch ms. Not worth the durable store. */
export interface ApiKeyUses {
  note(keyId: string, nowMs: number): Promise<void>;
  all(): Promise<ReadonlyMap<string, number>>;
  forget(keyId: string): Promise<void>;
}
