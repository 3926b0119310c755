/** What a mark is about: an occurrence, an item of the quarantine, or the first account. */
export type Mark =
  | { kind: "healed"; key: string }
  | { kind: "quarantineNoted" | "quarantineDeciding"; id: string }
  | { kind: "firstAccount" };

/** Marks by which one of several callers does something and the others leave it. They expire. */
export interface Marks {
  /** True for the caller that set it; false while it is set. */
  set(mark: Mark, ttlMs: number): Promise<boolean>;
  clear(mark: Mark): Promise<void>;
}
