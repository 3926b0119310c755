import type { Schedule } from "../schedule";

/*
 * A schedule of a document (docs/adr/0025-schedules-as-code.md) has the source `code`, and a `sourceId` with the owner
 * and the origin: `as-code/OWNER|EDITED|REPOSITORY|FILE|COMMIT`, each percent-encoded. EDITED is `edited` or empty.
 */

/** Where a document comes from; each part is null if unknown. */
export interface Origin {
  repository: string | null;
  file: string | null;
  commit: string | null;
}

/** The document that a schedule belongs to. */
export interface Ownership extends Origin {
  owner: string;
  /** Whether the schedule was edited outside of its document since the last apply. */
  isEdited: boolean;
}

type Sourced = Pick<Schedule, "source" | "sourceId">;

export const OWNER_PATTERN = /^[a-zA-Z0-9](?:[a-zA-Z0-9._/-]{0,126}[a-zA-Z0-9])?$/;

const PREFIX = "as-code/";
const EDITED = "edited";

/** The beginning of the `sourceId` of all schedules of an owner. */
export const sourceIdPrefix = (owner: string): string => `${PREFIX}${encodeURIComponent(owner)}|`;

/** The source of a schedule of a document. */
export function ownedSource({ owner, isEdited, repository, file, commit }: Ownership): Sourced {
  const parts = [isEdited ? EDITED : "", repository ?? "", file ?? "", commit ?? ""];
  return { source: "code", sourceId: `${sourceIdPrefix(owner)}${parts.map(encodeURIComponent).join("|")}` };
}

/** The document that a schedule belongs to; null for none. */
export function ownershipOf({ source, sourceId }: Sourced): Ownership | null {
  if (source !== "code" || sourceId === null || !sourceId.startsWith(PREFIX)) return null;
  const parts = sourceId.slice(PREFIX.length).split("|");
  const [owner = "", edited, repository, file, commit] = parts.map(decoded);
  return {
    owner,
    isEdited: edited === EDITED,
    ...{ repository: repository || null, file: file || null, commit: commit || null },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The source of a schedule after an edit outside of its document. */
export function editedSource(schedule: Sourced): Sourced {
  const ownership = ownershipOf(schedule);
  if (ownership === null) return { source: schedule.source, sourceId: schedule.sourceId };
  return ownedSource({ ...ownership, isEdited: true });
}

/** The origin in words, such as `schedules.yaml in github.com/acme/billing at 4f2c1d9`; empty if unknown. */
export function originInWords({ repository, file, commit }: Origin): string {
  return [file, repository === null ? null : file === null ? repository : `in ${repository}`, commit && `at ${commit}`]
    .filter((part) => part !== null && part !== "")
    .join(" ");
}
