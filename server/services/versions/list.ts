import type { ScheduleVersion } from "~/server/domain/audit/versions";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import type { ScheduleId } from "../schedules/inputs";
import { isoOrNull, scheduleView } from "../schedules/view";
import type { ScheduleVersionInput } from "./inputs";
import { readVersions, requireKnown } from "./read";

/** A definition in the list of versions, without its fields. */
export interface VersionRow extends Omit<ScheduleVersion, "schedule" | "atMs"> {
  at: string | null;
  isCurrent: boolean;
}

/**
 * Returns the definitions of a schedule, newest first. Works for deleted schedules too. `isComplete` is false if older
 * definitions exist that are not known. Throws `not_found`.
 */
export async function listVersions(call: {
  ctx: Ctx;
  input: ScheduleId;
}): Promise<{ currentVersion: number; items: VersionRow[]; isComplete: boolean }> {
  requireRight(call.ctx, "schedules:read");
  const { current, versions, isComplete } = await readVersions(call.ctx.deps, call.input.scheduleId);
  const items = versions.map(({ schedule: _, atMs, ...version }, index) => ({
    ...version,
    at: isoOrNull(atMs),
    isCurrent: index === 0,
  }));
  return { currentVersion: current.version, items, isComplete };
}

/**
 * Returns the definition with a version number, and the previous definition, which is null for version 1 and if it is
 * not known. Throws `not_found`.
 */
export async function getVersion(call: {
  ctx: Ctx;
  input: ScheduleVersionInput;
}): Promise<{ schedule: ScheduleView; before: ScheduleView | null }> {
  requireRight(call.ctx, "schedules:read");
  const { versions } = await readVersions(call.ctx.deps, call.input.scheduleId);
  const found = requireKnown(versions, call.input.version);
  const before = versions[versions.indexOf(found) + 1];
  return { schedule: scheduleView(found.schedule), before: before ? scheduleView(before.schedule) : null };
}
