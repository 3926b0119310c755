import type { Schedule } from "../schedule";

/** The name of a schedule in the audit trail: its name or, if it has none, its event. */
export function auditName({ name, entityType, action }: Pick<Schedule, "name" | "entityType" | "action">): string {
  return name ?? `${entityType}.${action}`;
}
