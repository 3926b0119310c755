import { formatNumber } from "~/components/ui/format";

/** "1 schedule and 1,200 executions". */
export function cleanupWords({ schedules, executions }: { schedules: number; executions: number }): string {
  return `${counted(schedules, "schedule")} and ${counted(executions, "execution")}`;
}

const counted = (count: number, noun: string) => `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
