import type { SettingName } from "~/server/domain/settings";

export const SETTING_LABELS: Record<SettingName, string> = {
  maxConcurrentExecutions: "Concurrent publish batches",
  redisProcessingInterval: "Maximum pause between claims",
  maxRetries: "Default retries",
  retryDelaySeconds: "Default retry delay",
  timezone: "Default time zone",
  immediateHorizonSeconds: "Horizon of the Redis tier",
  transferHorizonSeconds: "Promotion before due",
  clickhouseSyncInterval: "Promotion interval",
  maxDeliveryDelaySeconds: "Maximum delivery delay",
  refuseCodeEdits: "Refuse edits of schedules as code",
  delayedTopicPrefixes: "Allowed target topics",
  checkIntervalSeconds: "Watchdog interval",
  selfTestIntervalSeconds: "Self-test interval",
  executionHistoryTtlDays: "Retention of executions",
  analyticsEnabled: "Hourly roll-ups",
  analyticsRetentionDays: "Retention of roll-ups",
  auditRetentionDays: "Retention of the audit trail",
  assistantSchedulesNeedEnd: "Require an end for schedules of assistants",
};

/** The id of a setting's row, to which the palette links. */
export const settingAnchor = (name: SettingName): string => `setting-${name}`;

/** The settings in display order. */
export const SETTING_GROUPS: readonly { title: string; description: string; names: readonly SettingName[] }[] = [
  {
    title: "Firing",
    description: "How events are published and retried",
    names: ["maxConcurrentExecutions", "redisProcessingInterval", "maxRetries", "retryDelaySeconds", "timezone"],
  },
  {
    title: "Tiers",
    description: "When schedules are stored in Redis or in ClickHouse",
    names: ["immediateHorizonSeconds", "transferHorizonSeconds", "clickhouseSyncInterval", "maxDeliveryDelaySeconds"],
  },
  {
    title: "Delayed topic",
    description: "The topics to which its messages may be published",
    names: ["delayedTopicPrefixes"],
  },
  {
    title: "Assistants",
    description: "Limits for AI assistants that are connected by MCP, the Model Context Protocol",
    names: ["assistantSchedulesNeedEnd"],
  },
  {
    title: "Schedules as code",
    description: "Who may change schedules that belong to a document",
    names: ["refuseCodeEdits"],
  },
  {
    title: "Monitoring and retention",
    description: "How often checks run, and how long data is kept",
    names: [
      "checkIntervalSeconds",
      "selfTestIntervalSeconds",
      "executionHistoryTtlDays",
      "analyticsEnabled",
      "analyticsRetentionDays",
      "auditRetentionDays",
    ],
  },
];
