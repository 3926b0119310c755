/** The title of a schedule: its name, or its event if it is anonymous. */
export function scheduleTitle(schedule: { name: string | null; entityType: string; action: string }): string {
  return schedule.name ?? `${schedule.entityType}.${schedule.action}`;
}

export const SOURCE_LABELS = {
  kafka_delayed: "Delayed topic",
  api_request: "API",
  admin: "Dashboard",
  code: "Code",
  system: "System",
} as const;
