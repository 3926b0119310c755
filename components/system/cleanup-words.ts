import { formatCounted } from "~/components/ui/format";

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
