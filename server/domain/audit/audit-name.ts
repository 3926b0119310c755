import type { Schedule } from "../schedule";

type Named = Pick<Schedule, "name" | "entityType" | "action" | "entityId">;

/** The name of a schedule in the audit trail: its name or, if it has none, its event with its entity id. */
export function auditName({ name, entityType, action, entityId }: Named): string {
  return name ?? [`${entityType}.${action}`, entityId].filter(Boolean).join(" ");
}
