import type { ScheduleStatus } from "~/server/domain/schedule";

/** The fields of a schedule that the dialogs need; list rows and full schedules both have them. */
export interface ActedSchedule {
  scheduleId: string;
  name: string | null;
  entityType: string;
  action: string;
  topic: string;
  timezone: string;
  status: ScheduleStatus;
  cronExpression: string | null;
  nextExecution: string | null;
  pauseNote: string | null;
  version: number;
}

export interface VerbDialogProps {
  schedule: ActedSchedule;
  onClose: () => void;
}
