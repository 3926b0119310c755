import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import {
  type AppliedRetention,
  decideRetention,
  type RetentionChange,
  type RetentionDecision,
} from "~/server/domain/retention";
import { DEFAULT_SETTINGS } from "~/server/domain/settings";
import { writeAudit } from "../audit";
import type { Deps } from "../ctx";
import { SYSTEM_PRINCIPAL } from "../principal";
import { type SettingChange, settingChanges } from "../settings/stored";

export const RETENTION_SETTINGS = ["executionHistoryTtlDays", "analyticsRetentionDays"] as const;
export type RetentionSetting = (typeof RETENTION_SETTINGS)[number];

const Change = z.object({
  id: z.string(),
  days: z.number(),
  source: z.enum(["page", "environment"]),
  by: z.string(),
  at: z.number(),
});
const Applied = z.object({ days: z.number(), change: Change.nullable(), appliedAt: z.number() });

/** One retention setting and the decision about it. */
export interface PlannedRetention extends RetentionDecision {
  setting: RetentionSetting;
  wantedDays: number;
  /** The retention of the tables now; null keeps rows for ever. */
  tableDays: number | null;
  change: RetentionChange | null;
}

/**
 * Plans the changes of the tables' retention. Reads the changes of settings from ClickHouse, because Redis is not
 * durable enough to decide about deleting history.
 * @throws AppError `clickhouse_unavailable`.
 */
export async function planRetention(deps: Deps): Promise<PlannedRetention[]> {
  const [tables, changes, applied] = await Promise.all([
    deps.store.retention(),
    settingChanges(deps),
    appliedRetention(deps),
  ]);
  const tableDays = { executionHistoryTtlDays: tables.historyDays, analyticsRetentionDays: tables.analyticsDays };
  return RETENTION_SETTINGS.map((setting) => {
    const wantedDays = deps.settings.current()[setting];
    const change = changeOf(deps, setting, changes.get(setting));
    const wanted = { wantedDays, tableDays: tableDays[setting], change };
    const decision = decideRetention({ ...wanted, applied: applied.get(setting) ?? null });
    return { setting, ...wanted, ...decision };
  });
}

function changeOf(deps: Deps, setting: RetentionSetting, saved: SettingChange | undefined): RetentionChange | null {
  const days = deps.settings.environment[setting];
  if (days !== undefined) {
    return { id: `environment:${days}`, days, source: "environment", by: "environment", at: deps.clock.now() };
  }
  if (saved === undefined) return null;
  const { value = DEFAULT_SETTINGS[setting], version, updatedAt, updatedBy } = saved;
  return { id: `page:${version}`, days: Number(value), source: "page", by: updatedBy, at: updatedAt };
}

async function appliedRetention(deps: Deps): Promise<Map<string, AppliedRetention>> {
  const rows = await deps.store.documents(DOCUMENT_KIND.appliedRetention);
  return new Map(rows.map((row) => [row.key, Applied.parse(JSON.parse(row.json))]));
}

/** Applies a plan to the tables and stores who asked for each change. Returns the names of the tables that changed. */
export async function applyRetentionPlan(deps: Deps, plan: readonly PlannedRetention[]): Promise<string[]> {
  const daysOf = (setting: RetentionSetting) => plan.find((one) => one.setting === setting)?.days ?? null;
  const { changed } = await deps.store.applyRetention({
    historyDays: daysOf("executionHistoryTtlDays"),
    analyticsDays: daysOf("analyticsRetentionDays"),
  });
  for (const one of plan) {
    if (one.verdict === "refused") {
      const { setting, wantedDays, tableDays } = one;
      deps.log.warn({ setting, wantedDays, tableDays }, "retention kept: nobody asked for a shorter one");
    } else if (one.verdict !== "unchanged" && one.days !== null) await storeChange(deps, { ...one, days: one.days });
  }
  return changed;
}

async function storeChange(deps: Deps, one: PlannedRetention & { days: number }): Promise<void> {
  const { setting, days, tableDays, change, verdict } = one;
  const appliedAt = deps.clock.now();
  const cause = change?.days === days ? change : null;
  const document: AppliedRetention = { days, change: cause, appliedAt };
  const row = { key: setting, json: JSON.stringify(document), version: appliedAt, deleted: false };
  await deps.store.insertDocuments({
    token: `${setting}:${appliedAt}`,
    kind: DOCUMENT_KIND.appliedRetention,
    rows: [row],
  });
  const by = cause?.by ?? "default";
  deps.log.warn(
    { setting, from: tableDays, to: days, by, source: cause?.source ?? "default" },
    `retention made ${verdict}`,
  );
  const ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "cleanup" };
  await writeAudit(ctx, {
    action: "retention.change",
    target: setting,
    note: cause?.source === "environment" ? "by environment" : `by ${by}`,
    onBehalfOf: cause?.source === "page" ? by : null,
    before: { days: tableDays },
    after: { days, change: cause },
  });
}
