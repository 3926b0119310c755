import { RIGHT_OF_ACTION, type Right } from "./rights";

/** A caller needs one of these rights for a bulk job on schedules. */
export const ONE_OF_SCHEDULE_JOB_RIGHTS = [
  "schedules:toggle",
  "schedules:run",
  "schedules:edit",
  "schedules:delete",
] as const satisfies readonly Right[];

/** A caller needs one of these rights for a bulk job on schedules or dead letters. */
export const ONE_OF_JOB_RIGHTS: readonly Right[] = [...ONE_OF_SCHEDULE_JOB_RIGHTS, "dead_letters:decide"];

type BulkAction = Exclude<keyof typeof RIGHT_OF_ACTION, "create" | "edit">;

/** A caller needs one of the returned rights to start, abort or undo a job of this action. */
export function rightsForJob(action: BulkAction | "undo" | "replay" | "discard"): readonly Right[] {
  if (action === "replay" || action === "discard") return ["dead_letters:decide"];
  return action === "undo" ? ONE_OF_SCHEDULE_JOB_RIGHTS : [RIGHT_OF_ACTION[action]];
}
