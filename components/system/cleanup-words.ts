import { formatCounted } from "~/components/ui/format";
import type { KnownSettings } from "./settings-known";

/** "1 schedule and 1,200 executions", with the audit entries if there are any. */
export function cleanupWords({
  schedules,
  executions,
  auditEntries,
}: {
  schedules: number;
  executions: number;
  auditEntries: number;
}): string {
  const [first, second] = [formatCounted(schedules, "schedule"), formatCounted(executions, "execution")];
  if (auditEntries === 0) return `${first} and ${second}`;
  return `${first}, ${second} and ${formatCounted(auditEntries, "row")} of the audit trail`;
}

/** What a cleanup removes, and after how long. */
export function retentionWords({
  executionHistoryTtlDays: days,
  auditRetentionDays: auditDays,
}: KnownSettings): string {
  const removed = "Removes executions and completed or deleted schedules";
  const after = days === undefined ? "after their retention" : `after ${formatCounted(days, "day")}`;
  if (auditDays === 0) return `${removed} ${after}. Audit entries are kept forever.`;
  const auditAfter = auditDays === undefined ? "after their own retention" : `after ${formatCounted(auditDays, "day")}`;
  return `${removed} ${after}, and audit entries ${auditAfter}.`;
}
