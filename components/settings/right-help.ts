import type { Right } from "~/server/domain/rights";

/** What each right allows, in a few words. docs/reference/rights.md has it in full. */
export const RIGHT_HELP: Readonly<Record<Right, string>> = {
  "schedules:read": "Read schedules, versions and plans",
  "schedules:create": "Create schedules",
  "schedules:edit": "Edit, retag and spread schedules",
  "schedules:delete": "Delete schedules",
  "schedules:toggle": "Pause and resume schedules",
  "schedules:run": "Run schedules now",
  "executions:read": "Read executions, dead letters and analytics",
  "executions:replay": "Replay executions",
  "dead_letters:decide": "Replay and discard dead letters, decide quarantined items",
  "payloads:read": "Reveal masked values of payloads",
  "audit:read": "Read the audit trail",
  "settings:edit": "Change settings, topic schemas and payload protection",
  "users:edit": "Manage users, roles and namespaces",
  "keys:edit": "Manage API keys and service accounts",
  "system:operate": "Pause all firing, reset breakers, sync",
};
