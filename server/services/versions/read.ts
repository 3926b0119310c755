import type { AuditEntry } from "~/server/domain/audit/entry";
import { SUCCEEDED } from "~/server/domain/audit/results";
import { type ScheduleVersion, VERSION_VERBS, versionsOf } from "~/server/domain/audit/versions";
import { AppError } from "~/server/domain/errors";
import { LATEST_MS } from "~/server/domain/instant";
import type { Schedule } from "~/server/domain/schedule";
import { readAudit } from "../audit-trail/read";
import type { Deps } from "../ctx";
import { findSchedule } from "../newest-schedules";

/** Audit entries per read. */
const PAGE = 50;
/** Maximum number of changes to read. */
const MAX_CHANGES = 500;
/** Reading stops after this many characters of changes. One change of a payload has up to 2 MiB. */
const MAX_CHARS = 32_000_000;
/** An entry may be older than its schedule, because the clocks of two processes differ. */
const CLOCK_SKEW_MS = 60_000;

/** Reads the definitions of a schedule, newest first. The schedule may be deleted. Throws `not_found`. */
export async function readVersions(
  deps: Deps,
  scheduleId: string,
): Promise<{ current: Schedule; versions: ScheduleVersion[]; isComplete: boolean }> {
  const current = await findSchedule(deps, scheduleId);
  if (current === null) throw new AppError("not_found", `No schedule has the id ${scheduleId}.`);
  return { current, ...versionsOf(current, await trailOf(deps, current)) };
}

/** Returns the changes of the schedule, newest first, up to the limits. */
async function trailOf(deps: Deps, { scheduleId, createdAt }: Schedule): Promise<AuditEntry[]> {
  const range = { fromMs: createdAt - CLOCK_SKEW_MS, toMs: LATEST_MS };
  const filter = { ...range, verbs: VERSION_VERBS, targets: [scheduleId], result: SUCCEEDED };
  const trail: AuditEntry[] = [];
  let chars = 0;
  for (let cursor: string | undefined; trail.length < MAX_CHANGES && chars < MAX_CHARS; ) {
    const page = await readAudit(deps, { ...filter, limit: PAGE, cursor });
    trail.push(...page.entries);
    chars += page.entries.reduce((sum, { before, after }) => sum + JSON.stringify([before, after]).length, 0);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return trail;
}

/** Returns the definition with a version number. Throws `not_found`. */
export function requireKnown(versions: readonly ScheduleVersion[], version: number): ScheduleVersion {
  const found = versions.find((one) => one.firstVersion <= version && version <= one.version);
  if (found !== undefined) return found;
  throw new AppError(
    "not_found",
    `The schedule has no version ${version}, or the audit trail does not reach back to it.`,
  );
}
