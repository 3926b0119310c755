import type { Schedule } from "../schedule";
import type { AuditEntry } from "./entry";

/** The verbs that raise a schedule's version, and the verb of its creation. */
export const VERSION_VERBS = [
  "schedule.create",
  "schedule.edit",
  "schedule.pause",
  "schedule.resume",
  "schedule.delete",
] as const;

/** A definition of a schedule. A pause or resume raises the version but keeps the definition. */
export interface ScheduleVersion {
  /** The newest version number with this definition. */
  version: number;
  /** The first version number with this definition. */
  firstVersion: number;
  /** Time of the change to this definition, epoch ms. `atMs` and `actor` are null if the trail lacks the change. */
  atMs: number | null;
  actor: string | null;
  note: string | null;
  /** The names of the fields that the change set; empty for the first definition and for an unknown change. */
  changed: string[];
  schedule: Schedule;
}

/** Fields of a schedule that are not part of its definition. */
const NOT_DEFINITION: ReadonlySet<string> = new Set<keyof Schedule>([
  ...(["version", "state", "scheduleId", "createdAt", "createdBy", "updatedAt", "source", "sourceId"] as const),
  ...(["plannedSince", "pauseNote", "pausedBy", "pausedAt", "pausedUntil"] as const),
]);

/**
 * The definitions of a schedule, newest first. Older definitions are the current row with the trail's edits taken back.
 * `isComplete` is false if the trail lacks a change; older definitions are then unknown.
 *
 * @param trail newest first
 */
export function versionsOf(
  schedule: Schedule,
  trail: readonly AuditEntry[],
): { versions: ScheduleVersion[]; isComplete: boolean } {
  const known = new Map(trail.flatMap((entry) => numbered(entry)));
  // Pauses and resumes of older releases have no version. The newest of them gets the newest unassigned version.
  const unnumbered = trail.filter((entry) => isPauseOrResume(entry) && versionAfter(entry) === null);
  const versions: ScheduleVersion[] = [];
  let definition = schedule;
  let newest = schedule.version;
  for (let version = schedule.version; version > 1; version -= 1) {
    const entry = known.get(version) ?? unnumbered.shift();
    if (entry === undefined) {
      versions.push({
        ...UNKNOWN,
        version: newest,
        firstVersion: version,
        schedule: { ...definition, version: newest },
      });
      return { versions, isComplete: false };
    }
    if (entry.verb !== "schedule.edit") continue;
    const before = definitionFields(entry.before, definition);
    versions.push({
      version: newest,
      firstVersion: version,
      atMs: Date.parse(entry.at),
      actor: entry.actor,
      note: entry.note,
      changed: Object.keys(before),
      schedule: { ...definition, version: newest },
    });
    definition = { ...definition, ...before };
    newest = version - 1;
  }
  const { createdAt, createdBy } = schedule;
  const creation = { atMs: createdAt, actor: createdBy, note: null, changed: [] };
  versions.push({ ...creation, version: newest, firstVersion: 1, schedule: { ...definition, version: newest } });
  return { versions, isComplete: true };
}

const UNKNOWN = { atMs: null, actor: null, note: null, changed: [] };

const isPauseOrResume = ({ verb }: AuditEntry) => verb === "schedule.pause" || verb === "schedule.resume";

function numbered(entry: AuditEntry): [number, AuditEntry][] {
  const version = versionAfter(entry);
  return version === null ? [] : [[version, entry]];
}

/** The version that a change gave to the schedule; null for a creation, or if the entry lacks the version. */
function versionAfter({ verb, before, after }: AuditEntry): number | null {
  if (verb === "schedule.delete") {
    const old = numberOf(before, "version");
    return old === null ? null : old + 1;
  }
  return verb === "schedule.create" ? null : numberOf(after, "version");
}

function numberOf(value: unknown, field: string): number | null {
  const found = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[field] : null;
  return typeof found === "number" ? found : null;
}

/** The definition's fields in `before` or `after` of an entry. */
function definitionFields(snapshot: unknown, schedule: Schedule): Partial<Schedule> {
  if (typeof snapshot !== "object" || snapshot === null) return {};
  return Object.fromEntries(
    Object.entries(snapshot).filter(([field]) => Object.hasOwn(schedule, field) && !NOT_DEFINITION.has(field)),
  );
}
