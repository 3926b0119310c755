import { editedSource, originInWords, ownershipOf } from "~/server/domain/as-code/ownership";
import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";

type EditSettings = Pick<Settings, "refuseCodeEdits">;

/** Why an edit or a deletion of a schedule outside of its document is refused; null if it is not. */
export function editRefusal(schedule: Pick<Schedule, "source" | "sourceId">, settings: EditSettings): string | null {
  const ownership = ownershipOf(schedule);
  if (ownership === null || !settings.refuseCodeEdits) return null;
  const origin = originInWords(ownership);
  const where = origin === "" ? "" : ` (${origin})`;
  return `The schedule belongs to the document of "${ownership.owner}"${where}. Change it there and apply it, or switch REFUSE_CODE_EDITS off.`;
}

/** Throws `conflict` if a schedule may be changed only by its document. */
export function requireEditable(schedule: Pick<Schedule, "source" | "sourceId">, settings: EditSettings): void {
  const refusal = editRefusal(schedule, settings);
  if (refusal === null) return;
  throw new AppError("conflict", refusal, { details: { owner: ownershipOf(schedule)?.owner } });
}

/** The source of a schedule after an edit outside of its document. Throws what `requireEditable` throws. */
export function sourceAfterEdit(
  schedule: Pick<Schedule, "source" | "sourceId">,
  settings: EditSettings,
): Pick<Schedule, "source" | "sourceId"> {
  requireEditable(schedule, settings);
  return editedSource(schedule);
}
