/** Somebody's change of a retention setting: by the page, or by a variable that the deployment sets. */
export interface RetentionChange {
  /** Of this change alone: a later one has another. */
  id: string;
  days: number;
  source: "page" | "environment";
  by: string;
  /** Epoch ms. */
  at: number;
}

/**
 * The retention that was last written into ClickHouse's tables, and whose change it was; null: nobody's, it only grew.
 */
export interface AppliedRetention {
  days: number;
  change: RetentionChange | null;
  /** Epoch ms. */
  appliedAt: number;
}

/** What becomes of a table's retention. `days`: what holds from now on; null keeps for ever. */
export interface RetentionDecision {
  verdict: "unchanged" | "longer" | "shorter" | "refused";
  days: number | null;
}

/**
 * Shortening deletes history for good, so it takes a person's change that asks for exactly this and was not applied
 * before. A default, a setting that was lost, or a variable that is not set any more never shortens; neither does an
 * old change a table that was made to keep more by hand.
 *
 * @param tableDays the table's own retention; null keeps for ever
 */
export function decideRetention(input: {
  wantedDays: number;
  tableDays: number | null;
  change: RetentionChange | null;
  applied: AppliedRetention | null;
}): RetentionDecision {
  const { wantedDays, tableDays, change, applied } = input;
  if (tableDays === wantedDays) return { verdict: "unchanged", days: tableDays };
  if (tableDays !== null && wantedDays > tableDays) return { verdict: "longer", days: wantedDays };
  const asked = change !== null && change.days === wantedDays && change.id !== applied?.change?.id;
  return asked ? { verdict: "shorter", days: wantedDays } : { verdict: "refused", days: tableDays };
}
