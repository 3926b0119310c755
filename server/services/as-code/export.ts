import { ownershipOf } from "~/server/domain/as-code/ownership";
import type { Schedule } from "~/server/domain/schedule";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { MASKED, shownContent } from "../protection/content";
import { entryOf } from "./fields";
import type { ExportDocumentInput } from "./inputs";
import { liveSchedules, matchingIds, ownedSchedules } from "./owned";

/** A document as `apply` reads it. */
export interface ExportedDocument {
  version: 1;
  owner: string;
  /** The schedules, sorted by name, each with the fields that an entry needs. */
  schedules: Record<string, unknown>[];
  /** Schedules that a document cannot have, and why. */
  skipped: { scheduleId: string; reason: string }[];
}

/**
 * Returns the document of an owner, whose entries `apply` would find unchanged. Protected values are masks, which
 * `apply` reads as unchanged. With `unowned`, also returns schedules that belong to no document and may still fire.
 */
export async function exportDocument(call: { ctx: Ctx; input: ExportDocumentInput }): Promise<ExportedDocument> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  const { deps } = ctx;
  const found = await ownedSchedules(deps, input.owner);
  if (input.unowned) found.push(...(await unownedSchedules(ctx)));
  const schedules: Record<string, unknown>[] = [];
  const skipped: ExportedDocument["skipped"] = [];
  for (const schedule of found.sort(byName)) {
    const { scheduleId, name, rawValue } = schedule;
    if (name === null) skipped.push({ scheduleId, reason: "It has no name." });
    else if (rawValue) skipped.push({ scheduleId, reason: "Its payload is the value of a delayed message." });
    else {
      const { payload, headers } = await shownContent(deps, schedule, MASKED);
      schedules.push(entryOf({ ...schedule, payload, headers }, deps.settings.current()));
    }
  }
  return { version: 1, owner: input.owner, schedules, skipped };
}

/** Schedules that belong to no document and are not completed. */
async function unownedSchedules({ deps }: Ctx): Promise<Schedule[]> {
  const ids = await matchingIds(deps, { status: ["active", "paused", "disabled"] });
  const found = await liveSchedules(deps, ids);
  return found.filter((schedule) => ownershipOf(schedule) === null && !schedule.state.completed);
}

const byName = ({ name: one, scheduleId: a }: Schedule, { name: other, scheduleId: b }: Schedule) =>
  one === other ? (a < b ? -1 : 1) : (one ?? "") < (other ?? "") ? -1 : 1;
