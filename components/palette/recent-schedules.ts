import { recentList } from "./recent-list";

export interface RecentSchedule {
  scheduleId: string;
  label: string;
  topic: string;
}

function isRecent(value: unknown): value is RecentSchedule {
  const one = value as Partial<RecentSchedule> | null;
  return [one?.scheduleId, one?.label, one?.topic].every((text) => typeof text === "string");
}

/** The schedules that were opened last in this browser. */
export const recentSchedules = recentList({
  key: "recent-schedules",
  max: 5,
  isItem: isRecent,
  idOf: ({ scheduleId }) => scheduleId,
});
