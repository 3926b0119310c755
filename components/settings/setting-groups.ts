import type { SettingName } from "~/server/domain/settings";

/** The settings in display order. */
export const SETTING_GROUPS: readonly { title: string; description: string; names: readonly SettingName[] }[] = [
  {
    title: "Firing",
    description: "How events are published and retried",
    names: ["maxConcurrentExecutions", "redisProcessingInterval", "maxRetries", "retryDelaySeconds", "timezone"],
  },
  {
    title: "Tiers",
    description: "When schedules are held in Redis or in ClickHouse",
    names: ["immediateHorizonSeconds", "transferHorizonSeconds", "clickhouseSyncInterval", "maxDeliveryDelaySeconds"],
  },
  {
    title: "Monitoring and retention",
    description: "What is checked, and how long data is kept",
    names: [
      "checkIntervalSeconds",
      "selfTestIntervalSeconds",
      "executionHistoryTtlDays",
      "analyticsEnabled",
      "analyticsRetentionDays",
    ],
  },
];
