/** Names of schedules; each name has one holder. */
export interface HotNames {
  /**
   * Reserves a name for a schedule. `fresh` is false if the schedule already had the name. `ageMs`: how long another
   * `holder` has had the name; infinite if unknown.
   */
  reserveName(input: {
    name: string;
    scheduleId: string;
  }): Promise<{ ok: true; fresh: boolean } | { ok: false; holder: string; ageMs: number }>;
  /** The holders of names, in their order; null for a free name, and while Redis has lost the name. */
  nameHolders(names: readonly string[]): Promise<(string | null)[]>;
  releaseName(input: { name: string; scheduleId: string }): Promise<void>;
}
