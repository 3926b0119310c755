/** The fields of a schedule or an execution that its display name is made of. */
export interface Named {
  scheduleId: string;
  name?: string | null;
  scheduleName?: string | null;
  entityType?: string | null;
  action?: string | null;
}

/** Number of last characters of a UUID to show, because UUIDs of the same minute start with the same characters. */
const ID_SUFFIX_LENGTH = 8;

/** The display name of a schedule: its name, otherwise its event, otherwise the end of its id. */
export function displayName(named: Named): string {
  const name = named.name ?? named.scheduleName;
  if (name) return name;
  if (named.entityType && named.action) return `${named.entityType}.${named.action}`;
  return `Schedule …${named.scheduleId.slice(-ID_SUFFIX_LENGTH)}`;
}

/** The title of the browser tab. The state comes first, because a narrow tab shows only the start of its title. */
export function tabTitle(state: string, named: Named): string {
  return `${state} · ${displayName(named)}`;
}
