/** A change of a retention setting, on the page or by an environment variable. */
export interface RetentionChange {
  id: string;
  days: number;
  source: "page" | "environment";
  by: string;
  /** Epoch ms. */
  at: number;
}

/** The retention that was last applied to ClickHouse's tables. `change`: the requested change; null for none. */
export interface AppliedRetention {
  days: number;
  change: RetentionChange | null;
  /** Epoch ms. */
  appliedAt: number;
}

/** The decision on a table's retention. `days`: the retention from now on; null for no limit. */
export interface RetentionDecision {
  verdict: "unchanged" | "longer" | "shorter" | "refused";
  days: number | null;
}

/**
 * Decides a table's retention. Shortening deletes history, so it needs a change to exactly `wantedDays` that has not
 * been applied yet. Defaults, lost settings and unset variables never shorten the retention.
 * @param tableDays the table's current retention; null for no limit
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
  const isRequested = change !== null && change.days === wantedDays && change.id !== applied?.change?.id;
  return isRequested ? { verdict: "shorter", days: wantedDays } : { verdict: "refused", days: tableDays };
}
