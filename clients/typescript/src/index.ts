export {
  type CallOptions,
  type ChangeOptions,
  type ClientOptions,
  createSchedulesClient,
  dataOf,
  type Execution,
  type ExecutionFilter,
  type ExecutionRow,
  type Schedule,
  type ScheduleDefinition,
  type ScheduleFilter,
  type ScheduleListItem,
  type SchedulePreview,
  type SchedulesClient,
  type Schemas,
  type Stats,
  type VersionOptions,
} from "./client.js";
export {
  defineSchedule,
  defineSchedules,
  isDefinedSchedule,
  type ScheduleDocument,
  type ScheduleEntry,
} from "./define.js";
export type { DelayedEvent, NamedEvent } from "./definition.js";
export { type ErrorCode, type FieldFault, type Problem, SchedulesError } from "./errors.js";
export { parseJson, stringifyJson } from "./json.js";
export type { Pages } from "./pages.js";
export { verifyWebhook, type WebhookHeaders } from "./webhook.js";
