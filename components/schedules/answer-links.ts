import type { Explanation } from "~/server/domain/explain/explanation";

export interface AnswerLink {
  href: string;
  label: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Link to the versions tab of a schedule, with one version opened. */
export const versionHref = (scheduleId: string, version: number) =>
  `/schedules/${scheduleId}?tab=versions&version=${version}`;

/**
 * Links to what an answer of "Why didn't it fire?" mentions. Without `hasVersions`, an edit links to its audit
 * entry instead of its version.
 */
export function answerLinks(
  scheduleId: string,
  answer: Explanation,
  { hasVersions = true }: { hasVersions?: boolean } = {},
): AnswerLink[] {
  const links: (AnswerLink | null)[] = [];
  if ("executionId" in answer) links.push({ href: `/executions/${answer.executionId}`, label: "Open execution" });
  if ("replay" in answer && answer.replay) {
    links.push({ href: `/executions/${answer.replay.executionId}`, label: "Open replay" });
  }
  if ("pause" in answer && answer.pause) links.push(entryLink("Open pause", scheduleId, answer.pause));
  if ("edit" in answer && answer.edit) {
    links.push(hasVersions ? editLink(scheduleId, answer.edit) : entryLink("Open edit", scheduleId, answer.edit));
  }
  if (answer.kind === "deleted") links.push(entryLink("Open deletion", scheduleId, answer.deletion));
  if (answer.kind === "held") links.push({ href: "/system#breakers", label: "Open circuit breakers" });
  if (answer.allPaused !== null && !KINDS_WITHOUT_ALL_PAUSED.has(answer.kind))
    links.push(allPausedLink(answer.allPaused));
  return links.filter((link) => link !== null);
}

/** Answers that do not mention a pause of all firing, because the schedule itself was paused or had ended. */
const KINDS_WITHOUT_ALL_PAUSED: ReadonlySet<Explanation["kind"]> = new Set(["paused", "deleted", "completed"]);

type AuditedChange = { entryId: string | null; at: string | null };

function editLink(scheduleId: string, edit: AuditedChange & { version: number | null }): AnswerLink | null {
  if (edit.version === null) return entryLink("Open edit", scheduleId, edit);
  return { href: versionHref(scheduleId, edit.version), label: `Open version ${edit.version}` };
}

function allPausedLink(pause: AuditedChange & { resumedAt: string | null }): AnswerLink | null {
  if (pause.resumedAt === null) return { href: "/system#pause-all", label: "Open pause of all firing" };
  return entryLink("Open pause of all firing", "firing", pause);
}

/** Link to the audit entry of a change; null if the audit trail does not have the entry. */
function entryLink(label: string, target: string, { entryId, at }: AuditedChange): AnswerLink | null {
  if (entryId === null || at === null) return null;
  // The range must contain the entry, which may be recorded later than its change.
  const [from, to] = [Date.parse(at) - MINUTE_MS, Date.parse(at) + HOUR_MS].map((ms) => new Date(ms).toISOString());
  return { href: `/audit?${new URLSearchParams({ target, range: `${from}/${to}`, entry: entryId })}`, label };
}
