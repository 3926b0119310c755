/** Names of schedules, each of one holder. */
export interface HotNames {
  /**
   * `fresh` is false where the schedule had the name already. `ageMs` says how long ago its holder reserved it;
   * infinite where that is not known.
   */
  reserveName(input: {
    name: string;
    scheduleId: string;
  }): Promise<{ ok: true; fresh: boolean } | { ok: false; holder: string; ageMs: number }>;
  releaseName(input: { name: string; scheduleId: string }): Promise<void>;
}
