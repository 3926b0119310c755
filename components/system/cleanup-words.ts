import { formatCounted } from "~/components/ui/format";

/** "1 schedule and 1,200 executions". */
export function cleanupWords({ schedules, executions }: { schedules: number; executions: number }): string {
  return `${formatCounted(schedules, "schedule")} and ${formatCounted(executions, "execution")}`;
}
