import { z } from "zod";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx } from "../ctx";
import { type CleanupReport, cleanupOnce } from "../firing/cleanup-once";
import { type PromotionReport, promoteOnce } from "../firing/promote-once";
import { cadenceOf } from "../schedules/build";
import { iso } from "../schedules/view";

/** Runs a promotion cycle now and returns its report. */
export async function promoteNow(call: { ctx: Ctx }): Promise<PromotionReport> {
  requireRight(call.ctx, "system:operate");
  const report = await promoteOnce(call.ctx.deps);
  await writeAudit(call.ctx, { action: "system.sync", target: "promotion", after: report });
  return report;
}

export const CleanupInput = z.strictObject({ dryRun: z.boolean().default(false) });
export type CleanupInput = z.infer<typeof CleanupInput>;

/** Runs a cleanup now, or with `dryRun` reports what a cleanup would remove. */
export async function runCleanup(call: { ctx: Ctx; input: CleanupInput }): Promise<CleanupReport> {
  requireRight(call.ctx, "system:operate");
  const report = await cleanupOnce(call.ctx.deps, call.input);
  if (!report.dryRun) await writeAudit(call.ctx, { action: "system.cleanup", target: "retention", after: report });
  return report;
}

export const UpcomingInput = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(20) });
export type UpcomingInput = z.infer<typeof UpcomingInput>;

/** Returns the schedules in Redis that fire next, each with its next planned occurrence. */
export async function upcoming(call: { ctx: Ctx; input: UpcomingInput }) {
  requireRight(call.ctx, "schedules:read");
  const rows = await call.ctx.deps.hot.upcoming(call.input);
  return rows.map(({ schedule, nominalMs, effectiveMs }) => ({
    scheduleId: schedule.scheduleId,
    name: schedule.name,
    topic: schedule.topic,
    entityType: schedule.entityType,
    action: schedule.action,
    entityId: schedule.entityId,
    timezone: schedule.timezone,
    version: schedule.version,
    cronExpression: schedule.cronExpression,
    cadence: cadenceOf(schedule),
    nominal: iso(nominalMs),
    effective: iso(effectiveMs),
  }));
}
