import type { Schedule } from "../schedule";

/** The name of a schedule in the audit trail: its name, otherwise its event, so that no entry shows only an id. */
export function auditName({ name, entityType, action }: Pick<Schedule, "name" | "entityType" | "action">): string {
  return name ?? `${entityType}.${action}`;
}
