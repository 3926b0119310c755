import { SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";
import type { SettingDefaults } from "./setting-defaults";
import type { ShownSchedule } from "./shown-schedule";

/** The facts of a definition that the page lists, by group in the order of display. */
export const FACT_GROUPS = {
  Schedule: ["cadence", "timezone", "startAt", "endAt", "maxRuns", "jitter"],
  Destination: ["topic", "event", "entityId", "correlationId"],
  Policies: ["catchUp", "dstGap", "dstOverlap", "retries", "expires", "priority"],
} as const;
export type FactGroup = keyof typeof FACT_GROUPS;
export type Fact = (typeof FACT_GROUPS)[FactGroup][number];

/** Facts that are not listed for a one-time schedule. */
const RECURRING_ONLY: ReadonlySet<Fact> = new Set(["startAt", "endAt", "maxRuns", "catchUp", "dstGap", "dstOverlap"]);

const DEFAULTS = SCHEDULE_DEFAULTS;
const IS_DEFAULT: Record<Fact, (s: ShownSchedule, settings: SettingDefaults) => boolean> = {
  cadence: () => false,
  // A cron expression has no meaning without its zone, so its zone is never among the defaults.
  timezone: (s, settings) => s.cronExpression === null && s.timezone === settings.timezone,
  startAt: (s) => s.startAt === null,
  endAt: (s) => s.endAt === null,
  maxRuns: (s) => s.maxRuns === null,
  jitter: (s) => s.jitterSeconds === DEFAULTS.jitterSeconds,
  topic: (s) => s.topic === DEFAULTS.topic,
  event: (s) => s.entityType === DEFAULTS.entityType && s.action === DEFAULTS.action,
  entityId: (s) => s.entityId === null,
  correlationId: (s) => s.correlationId === s.scheduleId,
  catchUp: ({ catchUp: { policy, windowSeconds, maxRuns } }) =>
    policy === DEFAULTS.catchUp.policy &&
    windowSeconds === DEFAULTS.catchUp.windowSeconds &&
    maxRuns === DEFAULTS.catchUp.maxRuns,
  dstGap: (s) => s.dstGap === DEFAULTS.dstGap,
  dstOverlap: (s) => s.dstOverlap === DEFAULTS.dstOverlap,
  retries: (s, settings) => s.maxRetries === settings.maxRetries && s.retryDelaySeconds === settings.retryDelaySeconds,
  expires: (s) => s.maxDelaySeconds === DEFAULTS.maxDelaySeconds,
  priority: (s) => s.priority === DEFAULTS.priority,
};

/** The facts of each group that equal their default (`areDefault`) or differ from it. Omits groups without facts. */
export function factsBy(
  schedule: ShownSchedule,
  { settings, areDefault }: { settings: SettingDefaults; areDefault: boolean },
): { group: FactGroup; facts: Fact[] }[] {
  const isRecurring = schedule.cronExpression !== null;
  const isShown = (fact: Fact) =>
    (isRecurring || !RECURRING_ONLY.has(fact)) && IS_DEFAULT[fact](schedule, settings) === areDefault;
  return (Object.keys(FACT_GROUPS) as FactGroup[])
    .map((group) => ({ group, facts: (FACT_GROUPS[group] as readonly Fact[]).filter(isShown) }))
    .filter(({ facts }) => facts.length > 0);
}
