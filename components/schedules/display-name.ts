import { shortId } from "~/components/ui/format";

/** The fields of a schedule or an execution that its display name is made of. */
export interface Named {
  scheduleId: string;
  name?: string | null;
  scheduleName?: string | null;
  entityType?: string | null;
  action?: string | null;
  entityId?: string | null;
}

/**
 * The display name of a schedule: its name, otherwise its event with its entity id, otherwise the end of its id. Many
 * schedules without a name have the same event, so only the entity id tells them apart.
 */
export function displayName(named: Named): string {
  const { title, entityId } = displayParts(named);
  return entityId === null ? title : `${title} ${entityId}`;
}

/** The parts of the display name, for lists that show the entity id on its own. `entityId` is null beside a name. */
export function displayParts(named: Named): { title: string; entityId: string | null } {
  const name = named.name ?? named.scheduleName;
  if (name) return { title: name, entityId: null };
  if (named.entityType && named.action) {
    return { title: `${named.entityType}.${named.action}`, entityId: named.entityId || null };
  }
  return { title: `Schedule ${shortId(named.scheduleId)}`, entityId: null };
}

/** The title of the browser tab. The state comes first, because a narrow tab shows only the start of its title. */
export function tabTitle(state: string, named: Named): string {
  return `${state} · ${displayName(named)}`;
}
