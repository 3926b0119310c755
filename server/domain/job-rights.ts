import { RIGHT_OF_ACTION, type Right } from "./rights";

/** Each bulk action on schedules needs one of these rights. */
export const SCHEDULE_JOB_RIGHTS = [
  "schedules:toggle",
  "schedules:run",
  "schedules:edit",
  "schedules:delete",
] as const satisfies readonly Right[];

/** Each bulk job, those of dead letters included, needs one of these rights. */
export const ANY_JOB_RIGHTS: readonly Right[] = [...SCHEDULE_JOB_RIGHTS, "dead_letters:decide"];

type BulkAction = Exclude<keyof typeof RIGHT_OF_ACTION, "create" | "edit">;

/** The rights of which one is needed to start, abort or undo a job of this action. */
export function rightsForJob(action: BulkAction | "undo" | "replay" | "discard"): readonly Right[] {
  if (action === "replay" || action === "discard") return ["dead_letters:decide"];
  return action === "undo" ? SCHEDULE_JOB_RIGHTS : [RIGHT_OF_ACTION[action]];
}
