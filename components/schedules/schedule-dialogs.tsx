"use client";

import dynamic from "next/dynamic";
import type { ActedSchedule } from "./verb-dialog";

export type ScheduleVerb = "run" | "pause" | "resume" | "delete";

// Loaded on first use, to keep the dialogs out of the page's bundle.
const DIALOGS = {
  run: dynamic(() => import("./run-now-dialog").then((module) => module.RunNowDialog)),
  pause: dynamic(() => import("./pause-dialog").then((module) => module.PauseDialog)),
  resume: dynamic(() => import("./resume-dialog").then((module) => module.ResumeDialog)),
  delete: dynamic(() => import("./delete-dialog").then((module) => module.DeleteDialog)),
};

/** The dialog of one action on one schedule; none while `action` is null. `onDeleted` is called after a delete. */
export function ScheduleDialogs({
  action,
  onClose,
  onDeleted,
}: {
  action: { verb: ScheduleVerb; schedule: ActedSchedule } | null;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  if (!action) return null;
  const { verb, schedule } = action;
  if (verb === "delete") return <DIALOGS.delete schedule={schedule} onClose={onClose} onDeleted={onDeleted} />;
  const Verb = DIALOGS[verb];
  return <Verb key={schedule.scheduleId} schedule={schedule} onClose={onClose} />;
}
