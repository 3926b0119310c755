import type { SettingName } from "~/server/domain/settings";

/** The settings in the order in which an operator thinks of them. */
export const SETTING_GROUPS: readonly { title: string; description: string; names: readonly SettingName[] }[] = [
  {
    title: "Firing",
    description: "How events are published, and what happens when that fails",
    names: ["maxConcurrentExecutions", "redisProcessingInterval", "maxRetries", "retryDelaySeconds", "timezone"],
  },
  {
    title: "Tiers",
    description: "When a schedule waits in Redis, and when in ClickHouse",
    names: ["immediateHorizonSeconds", "transferHorizonSeconds", "clickhouseSyncInterval", "maxDeliveryDelaySeconds"],
  },
  {
    title: "Watching and keeping",
    description: "What is checked, and how long history stays",
    names: [
      "checkIntervalSeconds",
      "selfTestIntervalSeconds",
      "executionHistoryTtlDays",
      "analyticsEnabled",
      "analyticsRetentionDays",
    ],
  },
];
