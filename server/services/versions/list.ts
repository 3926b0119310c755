import { auditName } from "~/server/domain/audit/audit-name";
import type { ScheduleVersion } from "~/server/domain/audit/versions";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { reveal } from "../protection/content";
import type { ScheduleId } from "../schedules/inputs";
import { isoOrNull, scheduleView } from "../schedules/view";
import type { GetVersionInput } from "./inputs";
import { readVersions, requireKnown } from "./read";

export interface VersionRow extends Omit<ScheduleVersion, "schedule" | "atMs"> {
  at: string | null;
  isCurrent: boolean;
}

/**
 * Returns the definitions of a schedule, newest first. The schedule may be deleted. `isComplete` is false if older
 * definitions are unknown. Throws `not_found`.
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
 * Returns the definition with a version number, and the previous definition, or null if there is none or it is unknown.
 * Throws `not_found`, and for `reveal` `forbidden` without the right, and `conflict` for content that cannot be
 * decrypted.
 */
export async function getVersion(call: {
  ctx: Ctx;
  input: GetVersionInput;
}): Promise<{ schedule: ScheduleView; before: ScheduleView | null }> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  const { versions } = await readVersions(ctx.deps, input.scheduleId);
  const found = requireKnown(versions, input.version);
  const before = versions[versions.indexOf(found) + 1];
  const { scheduleId, version } = input;
  const target = { target: scheduleId, targetName: auditName(found.schedule) };
  const how = await reveal(ctx, input.reveal, { action: "schedule.reveal", ...target, after: { version } });
  return {
    schedule: await scheduleView(ctx.deps, found.schedule, how),
    before: before ? await scheduleView(ctx.deps, before.schedule, how) : null,
  };
}
