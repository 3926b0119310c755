/** A pause or a resume of the schedule. `at`: ISO 8601. */
export interface PauseEntry {
  entryId: string;
  verb: string;
  at: string;
  actor: string;
  note: string | null;
}

export interface PauseVersion extends PauseEntry {
  version: number;
}

/**
 * The pauses and resumes that gave a definition more than one version, oldest first, with their version numbers. Empty
 * if the entries are not all of them, because their numbers are then unknown.
 *
 * @param nextAt the time of the next definition, ISO 8601; null for the current definition
 */
export function pauseVersions(
  item: { version: number; firstVersion: number; at: string | null },
  nextAt: string | null,
  entries: readonly PauseEntry[],
): PauseVersion[] {
  const { version, firstVersion, at } = item;
  const [fromMs, untilMs] = [Date.parse(at ?? ""), nextAt === null ? Number.POSITIVE_INFINITY : Date.parse(nextAt)];
  const own = entries
    .filter((entry) => Date.parse(entry.at) >= fromMs && Date.parse(entry.at) < untilMs)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (own.length !== version - firstVersion) return [];
  return own.map((entry, index) => ({ ...entry, version: firstVersion + 1 + index }));
}
