/** What a schedule or an execution of it says about its name. */
export interface Named {
  scheduleId: string;
  name?: string | null;
  scheduleName?: string | null;
  entityType?: string | null;
  action?: string | null;
}

/** The end of a UUID: those of one minute begin alike. */
const ID_END = 8;

/** What a person calls a schedule: its name, else its event, else the end of its id where neither is known. */
export function displayName(of: Named): string {
  const name = of.name ?? of.scheduleName;
  if (name) return name;
  if (of.entityType && of.action) return `${of.entityType}.${of.action}`;
  return `Schedule …${of.scheduleId.slice(-ID_END)}`;
}

/** The title of its tab: the state first, as a narrow tab shows only the beginning. */
export function tabTitle(state: string, of: Named): string {
  return `${state} · ${displayName(of)}`;
}
