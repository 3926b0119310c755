import type { ExportFormat } from "~/server/domain/export/lines";
import { wireField } from "~/server/domain/wire";

/** The URL of an export of the rows that match a list's filter, with the times of `zone` beside UTC. */
export function exportHref(
  path: string,
  { filter, ...options }: { filter: object; zone: string; format: ExportFormat },
): string {
  const query = new URLSearchParams(options);
  for (const [name, value] of Object.entries(filter)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) query.append(wireField([name]), String(one));
    }
  }
  return `${path}?${query}`;
}
