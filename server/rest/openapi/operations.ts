import { z } from "zod";
import { MAX_ENTRIES, ScheduleDocument, ScheduleEntry } from "~/server/domain/as-code/document";
import type { ErrorCode } from "~/server/domain/errors";
import { ScheduleInput } from "~/server/domain/schedule";
import {
  CodeInput,
  LinkToken,
  PasskeySignInInput,
  SecondFactorInput,
  SetupInput,
  SignInInput,
  UseLinkInput,
} from "~/server/services/access";
import { ApplyDocumentInput } from "~/server/services/as-code";

/** The content of an answer: the name of a schema of `answers.json`, or a content type for other bodies. */
type Content = { schema: string } | { contentTypes: readonly string[] };

/** What the OpenAPI document says about a call beyond its input, its right and its path. */
export interface Operation {
  id: string;
  tag: (typeof TAGS)[number]["name"];
  summary: string;
  /** The contents of the answers by status; null for an answer without a body. */
  answers: Readonly<Record<number, Content | null>>;
  /** The error codes of this call beyond those that `document.ts` derives from its kind. */
  errors?: readonly ErrorCode[];
  /** Headers of the answer. */
  headers?: readonly ("ETag" | "Location")[];
  /** The schema of the body, if the route declares none or a wider one. */
  body?: z.ZodType;
  /** Whether the call works only in a session, not with an API key. */
  needsSession?: true;
  /**
   * A body with which the call succeeds on a new installation, if `{id}` in the path is that of an existing schedule. A
   * test sends it.
   */
  example?: unknown;
}

export const TAGS = [
  { name: "Schedules", description: "Create, read, change, run and explain schedules." },
  { name: "Executions", description: "Read the ledger and the executions in flight, and replay executions." },
  { name: "Bulk jobs", description: "Change many schedules in one job, and read, abort and undo jobs." },
  { name: "Dead letters", description: "Decide about dead executions, and list refused messages." },
  {
    name: "Quarantine",
    description:
      "Decide about data that could not be processed, such as a damaged entry in Redis. Executions that ended dead are dead letters.",
  },
  { name: "Topics", description: "The payload schemas and protection rules of topics." },
  { name: "API keys", description: "Create, rotate and revoke keys." },
  { name: "Users", description: "Invite, change and delete users." },
  { name: "Settings", description: "Read and change the settings." },
  { name: "Audit", description: "Read and verify the audit trail." },
  { name: "System", description: "Pause all firing, reset breakers, check the stores and start maintenance." },
  { name: "Monitoring", description: "Health, numbers and analytics." },
  { name: "Sign-in", description: "Sign-in and sessions for browsers. Programs use API keys." },
  { name: "API description", description: "This document, and the schema of schedules.yaml." },
] as const;

const DOCUMENT = ScheduleDocument.extend({
  version: ScheduleDocument.shape.version.describe("The version of the format."),
  schedules: z.array(ScheduleEntry.meta({ id: "ScheduleEntry" })).max(MAX_ENTRIES),
});
const DEFINITION = ScheduleInput.meta({ id: "ScheduleDefinition" });

const schema = (name: string): Content => ({ schema: name });
const EXPORT: Content = { contentTypes: ["application/x-ndjson", "text/csv"] };
const MONITORING = "/api/v1/schedules/monitoring";
const INVALID_TIMES = [
  "cron_invalid",
  "cron_never_fires",
  "cron_too_frequent",
  "timezone_unknown",
  "execution_time_past",
  "delay_too_long",
] as const satisfies readonly ErrorCode[];

const { version: _v, owner: _o, schedules: _s, ...APPLY_OPTIONS } = ApplyDocumentInput.shape;
const { prune: _p, allowEmpty: _a, ...DIFF_OPTIONS } = APPLY_OPTIONS;
const DOCUMENT_EXAMPLE = {
  version: 1,
  owner: "billing",
  source: { repository: "github.com/acme/billing", file: "schedules.yaml", commit: "4f2c1d9" },
  schedules: [
    {
      name: "Monthly invoices",
      topic: "billing.events",
      entity_type: "invoice_run",
      action: "start",
      cron_expression: "0 6 1 * *",
      timezone: "Europe/Berlin",
    },
  ],
};

/** All calls by method and path. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET /admin/schedules": {
    id: "listSchedules",
    tag: "Schedules",
    summary: "List schedules",
    answers: { 200: schema("ScheduleList") },
  },
  "POST /admin/schedules": {
    id: "createSchedule",
    body: DEFINITION,
    tag: "Schedules",
    summary: "Create a schedule",
    answers: { 201: schema("CreatedSchedule") },
    errors: [...INVALID_TIMES, "name_taken", "conflict"],
    headers: ["ETag", "Location"],
    example: {
      name: "Daily invoice run",
      topic: "billing.events",
      entity_type: "invoice_run",
      action: "start",
      cron_expression: "0 9 * * 1-5",
      timezone: "Europe/Berlin",
      payload: { customer_group: "monthly" },
    },
  },
  "POST /admin/schedules/batch": {
    id: "createSchedules",
    tag: "Schedules",
    summary: "Create up to 1,000 schedules",
    answers: { 207: schema("BatchResult") },
    body: z.strictObject({ items: z.array(DEFINITION).min(1).max(1000) }),
    example: {
      items: [
        { topic: "billing.events", entity_type: "reminder", action: "send", execution_time: "2099-01-01T09:00:00Z" },
      ],
    },
  },
  "GET /admin/schedules/export": {
    id: "exportSchedules",
    tag: "Schedules",
    summary: "Download schedules",
    answers: { 200: EXPORT },
  },
  "POST /admin/schedules/documents/diff": {
    id: "diffDocument",
    tag: "Schedules",
    summary: "Show what a document of schedules as code would change",
    body: DOCUMENT.extend(DIFF_OPTIONS),
    answers: { 200: schema("DocumentDifference") },
    errors: [...INVALID_TIMES, "name_taken", "conflict"],
    example: DOCUMENT_EXAMPLE,
  },
  "POST /admin/schedules/documents/apply": {
    id: "applyDocument",
    tag: "Schedules",
    summary: "Add and change the schedules of an owner to match a document",
    body: DOCUMENT.extend(APPLY_OPTIONS),
    answers: { 200: schema("AppliedDocument") },
    errors: [...INVALID_TIMES, "name_taken", "conflict"],
    example: DOCUMENT_EXAMPLE,
  },
  "GET /admin/schedules/documents/export": {
    id: "exportDocument",
    tag: "Schedules",
    summary: "Get the document of an owner, as apply reads it",
    answers: { 200: schema("ExportedDocument") },
  },
  "POST /admin/schedules/preview": {
    id: "previewSchedule",
    tag: "Schedules",
    summary: "Show the next occurrences of a cron expression",
    answers: { 200: schema("SchedulePreview") },
    errors: ["cron_invalid", "cron_never_fires", "cron_too_frequent", "timezone_unknown"],
    example: { cron_expression: "30 2 * * *", timezone: "Europe/Berlin", count: 5 },
  },
  "GET /admin/schedules/upcoming": {
    id: "getUpcomingLoad",
    tag: "Schedules",
    summary: "Show the expected firings of all schedules",
    answers: { 200: schema("UpcomingLoad") },
    errors: ["timezone_unknown"],
  },
  "GET /admin/schedules/upcoming/export": {
    id: "exportUpcoming",
    tag: "Schedules",
    summary: "Download the next firings",
    answers: { 200: EXPORT },
    errors: ["timezone_unknown"],
  },
  "GET /admin/schedules/bulk": {
    id: "listBulkJobs",
    tag: "Bulk jobs",
    summary: "List recent bulk jobs",
    answers: { 200: schema("BulkJobList") },
  },
  "POST /admin/schedules/bulk": {
    id: "startBulkJob",
    tag: "Bulk jobs",
    summary: "Change many schedules, or preview the change with `dry_run`",
    answers: { 200: schema("BulkPreview"), 202: schema("BulkJob") },
    headers: ["Location"],
    errors: ["conflict"],
    example: { action: "pause", filter: { topic: "billing.events" }, dry_run: true },
  },
  "GET /admin/schedules/bulk/export": {
    id: "exportBulkJobs",
    tag: "Bulk jobs",
    summary: "Download recent bulk jobs",
    answers: { 200: EXPORT },
  },
  "GET /admin/schedules/bulk/{id}": {
    id: "getBulkJob",
    tag: "Bulk jobs",
    summary: "Get a bulk job",
    answers: { 200: schema("BulkJob") },
  },
  "POST /admin/schedules/bulk/{id}/abort": {
    id: "abortBulkJob",
    tag: "Bulk jobs",
    summary: "Stop a bulk job after its current step",
    answers: { 202: schema("BulkJob") },
    errors: ["conflict"],
  },
  "POST /admin/schedules/bulk/{id}/undo": {
    id: "undoBulkJob",
    tag: "Bulk jobs",
    summary: "Undo a pause, resume, retag or spread",
    answers: { 202: schema("BulkJob") },
    errors: ["conflict"],
  },
  "GET /admin/schedules/{id}": {
    id: "getSchedule",
    tag: "Schedules",
    summary: "Get a schedule",
    answers: { 200: schema("Schedule") },
    errors: ["conflict"],
    headers: ["ETag"],
  },
  "PUT /admin/schedules/{id}": {
    id: "replaceSchedule",
    body: DEFINITION,
    tag: "Schedules",
    summary: "Replace the definition of a schedule",
    answers: { 200: schema("Schedule") },
    headers: ["ETag"],
    errors: [...INVALID_TIMES, "name_taken", "conflict"],
    example: { topic: "billing.events", entity_type: "invoice_run", action: "start", cron_expression: "0 8 * * 1-5" },
  },
  "PATCH /admin/schedules/{id}": {
    id: "updateSchedule",
    body: DEFINITION,
    tag: "Schedules",
    summary: "Change fields of a schedule",
    answers: { 200: schema("Schedule") },
    headers: ["ETag"],
    errors: [...INVALID_TIMES, "name_taken", "conflict"],
    example: { cron_expression: "0 10 * * 1-5" },
  },
  "DELETE /admin/schedules/{id}": {
    id: "deleteSchedule",
    tag: "Schedules",
    summary: "Delete a schedule",
    answers: { 204: null },
    errors: ["conflict"],
  },
  "GET /admin/schedules/{id}/executions": {
    id: "listExecutionsOfSchedule",
    tag: "Executions",
    summary: "List the executions of a schedule",
    answers: { 200: schema("ExecutionList") },
  },
  "POST /admin/schedules/{id}/execute": {
    id: "runSchedule",
    tag: "Schedules",
    summary: "Run a schedule now",
    answers: { 202: schema("StartedExecution") },
    headers: ["Location"],
  },
  "POST /admin/schedules/{id}/toggle": {
    id: "toggleSchedule",
    tag: "Schedules",
    summary: "Pause or resume a schedule",
    answers: { 200: schema("Schedule") },
    headers: ["ETag"],
    errors: ["conflict", "execution_time_past"],
    example: { enabled: false, note: "The provider is down" },
  },
  "GET /admin/schedules/{id}/occurrences": {
    id: "listOccurrences",
    tag: "Schedules",
    summary: "List the planned occurrences of a schedule",
    answers: { 200: schema("OccurrencePage") },
  },
  "GET /admin/schedules/{id}/missed": {
    id: "previewResume",
    tag: "Schedules",
    summary: "Show what a resume would run",
    answers: { 200: schema("ResumePreview") },
  },
  "GET /admin/schedules/{id}/explain": {
    id: "explainSchedule",
    tag: "Schedules",
    summary: "Explain why a schedule did, or did not, fire at a time",
    answers: { 200: schema("ExplanationPage") },
  },
  "GET /admin/schedules/{id}/activity": {
    id: "listScheduleActivity",
    tag: "Audit",
    summary: "List the audit entries of a schedule",
    answers: { 200: schema("AuditList") },
  },
  "GET /admin/schedules/{id}/versions": {
    id: "listScheduleVersions",
    tag: "Schedules",
    summary: "List the versions of a schedule",
    answers: { 200: schema("VersionList") },
  },
  "POST /admin/schedules/{id}/restore": {
    id: "restoreScheduleVersion",
    tag: "Schedules",
    summary: "Restore an earlier version of a schedule",
    answers: { 200: schema("Schedule") },
    headers: ["ETag"],
    errors: [...INVALID_TIMES, "name_taken", "conflict"],
  },
  "GET /admin/api-keys": {
    id: "listApiKeys",
    tag: "API keys",
    summary: "List API keys without their secrets",
    answers: { 200: schema("ApiKeyList") },
  },
  "POST /admin/api-keys": {
    id: "createApiKey",
    tag: "API keys",
    summary: "Create an API key. Only this answer has its secret",
    answers: { 201: schema("NewApiKey") },
    errors: ["conflict"],
    example: { name: "billing service", rights: ["schedules:read", "schedules:create"] },
  },
  "DELETE /admin/api-keys/{id}": {
    id: "revokeApiKey",
    tag: "API keys",
    summary: "Revoke an API key",
    answers: { 204: null },
    errors: ["conflict"],
  },
  "POST /admin/api-keys/{id}/rotate": {
    id: "rotateApiKey",
    tag: "API keys",
    summary: "Replace an API key by a new one",
    answers: { 201: schema("NewApiKey") },
    errors: ["conflict"],
  },
  "GET /admin/users": {
    id: "listUsers",
    tag: "Users",
    summary: "List users",
    answers: { 200: schema("UserList") },
  },
  "POST /admin/users": {
    id: "inviteUser",
    tag: "Users",
    summary: "Invite a user. Only this answer has the token of the link",
    answers: { 201: schema("NewPasswordLink") },
    errors: ["conflict"],
    example: { email: "ann@example.org", name: "Ann", role: "viewer" },
  },
  "PATCH /admin/users/{id}": {
    id: "updateUser",
    tag: "Users",
    summary: "Change the name or the role of a user, or disable a user",
    answers: { 200: schema("User") },
    errors: ["conflict"],
  },
  "DELETE /admin/users/{id}": {
    id: "deleteUser",
    tag: "Users",
    summary: "Delete a user",
    answers: { 204: null },
    errors: ["conflict"],
  },
  "POST /admin/users/{id}/link": {
    id: "issueUserLink",
    tag: "Users",
    summary: "Issue a new invitation or a reset link. Only this answer has its token",
    answers: { 201: schema("NewPasswordLink") },
    errors: ["conflict"],
  },
  "DELETE /admin/users/{id}/link": {
    id: "revokeUserLink",
    tag: "Users",
    summary: "Revoke the link of a user",
    answers: { 204: null },
    errors: ["conflict"],
  },
  "DELETE /admin/users/{id}/second-factor": {
    id: "resetUserSecondFactor",
    tag: "Users",
    summary: "Remove the second factor and the passkeys of a user",
    answers: { 204: null },
    errors: ["conflict"],
  },
  "GET /admin/settings": {
    id: "listSettings",
    tag: "Settings",
    summary: "List the settings with their values and sources",
    answers: { 200: schema("SettingList") },
  },
  "PATCH /admin/settings": {
    id: "updateSettings",
    tag: "Settings",
    summary: "Save settings, or reset those whose value is null",
    answers: { 200: schema("SettingList") },
    errors: ["conflict"],
    example: { values: { max_retries: 5, timezone: null } },
  },
  "GET /admin/audit": {
    id: "listAuditEntries",
    tag: "Audit",
    summary: "List audit entries of a time range",
    answers: { 200: schema("AuditList") },
  },
  "GET /admin/audit/export": {
    id: "exportAuditEntries",
    tag: "Audit",
    summary: "Download audit entries",
    answers: { 200: EXPORT },
  },
  "GET /admin/audit/verify": {
    id: "verifyAuditTrail",
    tag: "Audit",
    summary: "Check the hash chains of the audit trail",
    answers: { 200: schema("AuditCheck") },
  },
  "POST /admin/dead-letters/decide": {
    id: "decideDeadLetters",
    tag: "Dead letters",
    summary: "Replay or discard dead letters, or preview the decision with `dry_run`",
    answers: { 200: schema("DeadLettersPreview"), 202: schema("BulkJob") },
    headers: ["Location"],
    errors: ["conflict"],
  },
  "GET /admin/dead-letters/refused": {
    id: "listRefusedMessages",
    tag: "Dead letters",
    summary: "List messages of the delayed topic that did not become a schedule",
    answers: { 200: schema("RefusedMessages") },
    errors: ["bus_unavailable", "not_found"],
  },
  "GET /admin/quarantine": {
    id: "listQuarantine",
    tag: "Quarantine",
    summary: "List quarantined items that need a decision",
    answers: { 200: schema("QuarantineList") },
  },
  "GET /admin/quarantine/{id}": {
    id: "getQuarantinedItem",
    tag: "Quarantine",
    summary: "Get a quarantined item with its bytes",
    answers: { 200: schema("QuarantinedItem") },
    errors: ["conflict"],
  },
  "POST /admin/quarantine/{id}/decide": {
    id: "decideQuarantinedItem",
    tag: "Quarantine",
    summary: "Retry or discard a quarantined item",
    answers: { 200: schema("QuarantineDecision") },
    errors: ["conflict", "bus_unavailable"],
  },
  "GET /admin/system/pause-all": {
    id: "getPauseAll",
    tag: "System",
    summary: "Show whether all firing is paused",
    answers: { 200: schema("PauseAll") },
  },
  "POST /admin/system/pause-all": {
    id: "pauseAll",
    tag: "System",
    summary: "Pause all firing",
    answers: { 200: schema("PauseAll") },
    errors: ["conflict"],
  },
  "POST /admin/system/resume-all": {
    id: "resumeAll",
    tag: "System",
    summary: "Resume all firing",
    answers: { 200: schema("PauseAll") },
    errors: ["conflict"],
  },
  "GET /admin/system/payload-keys": {
    id: "getPayloadKeys",
    tag: "System",
    summary: "List the keys that encrypt payloads",
    answers: { 200: schema("PayloadKeyList") },
  },
  "POST /admin/system/payload-keys": {
    id: "encryptAgain",
    tag: "System",
    summary: "Encrypt pending schedules with the first key of PAYLOAD_ENCRYPTION_KEYS, or decrypt them",
    answers: { 200: schema("EncryptionReport") },
    errors: ["conflict"],
  },
  "GET /admin/topics/{topic}/schema": {
    id: "getTopicSchema",
    tag: "Topics",
    summary: "Get the payload schema of a topic",
    answers: { 200: { contentTypes: ["application/schema+json"] } },
    headers: ["ETag"],
  },
  "PUT /admin/topics/{topic}/schema": {
    id: "saveTopicSchema",
    body: z.looseObject({}),
    tag: "Topics",
    summary: "Set the payload schema of a topic",
    answers: { 200: { contentTypes: ["application/schema+json"] } },
    errors: ["conflict"],
    headers: ["ETag"],
  },
  "DELETE /admin/topics/{topic}/schema": {
    id: "deleteTopicSchema",
    tag: "Topics",
    summary: "Remove the payload schema of a topic",
    answers: { 204: null },
    errors: ["conflict"],
  },
  "GET /admin/topics/{topic}/protection": {
    id: "getTopicProtection",
    tag: "Topics",
    summary: "Get the protection rule of a topic",
    answers: { 200: schema("TopicProtection") },
  },
  "PUT /admin/topics/{topic}/protection": {
    id: "saveTopicProtection",
    tag: "Topics",
    summary: "Set the protection rule of a topic",
    answers: { 200: schema("TopicProtection") },
    errors: ["conflict"],
  },
  "DELETE /admin/topics/{topic}/protection": {
    id: "deleteTopicProtection",
    tag: "Topics",
    summary: "Remove the protection rule of a topic",
    answers: { 204: null },
    errors: ["conflict"],
  },
  "GET /admin/executions": {
    id: "listExecutions",
    tag: "Executions",
    summary: "List executions",
    answers: { 200: schema("ExecutionList") },
  },
  "GET /admin/executions/export": {
    id: "exportExecutions",
    tag: "Executions",
    summary: "Download executions",
    answers: { 200: EXPORT },
  },
  "GET /admin/executions/failures": {
    id: "listFailures",
    tag: "Executions",
    summary: "List groups of dead executions by error",
    answers: { 200: schema("FailureList") },
  },
  "GET /admin/executions/failures/export": {
    id: "exportFailures",
    tag: "Executions",
    summary: "Download groups of dead executions by error",
    answers: { 200: EXPORT },
  },
  "GET /admin/executions/in-flight": {
    id: "listExecutionsInFlight",
    tag: "Executions",
    summary: "List executions that have not ended",
    answers: { 200: schema("InFlightPage") },
  },
  "GET /admin/executions/in-flight/export": {
    id: "exportExecutionsInFlight",
    tag: "Executions",
    summary: "Download executions that have not ended",
    answers: { 200: EXPORT },
  },
  "GET /admin/executions/{id}": {
    id: "getExecution",
    tag: "Executions",
    summary: "Get an execution with its attempts and content",
    answers: { 200: schema("Execution") },
    errors: ["conflict"],
  },
  "POST /admin/executions/{id}/replay": {
    id: "replayExecution",
    tag: "Executions",
    summary: "Publish an execution again",
    answers: { 202: schema("StartedReplay") },
    headers: ["Location"],
    errors: ["conflict"],
  },
  [`GET ${MONITORING}/health`]: {
    id: "getHealth",
    tag: "Monitoring",
    summary: "Check whether the installation is healthy. Only callers with credentials get the details",
    answers: { 200: schema("Health"), 503: schema("Health") },
  },
  [`GET ${MONITORING}/reach`]: {
    id: "getReach",
    tag: "Monitoring",
    summary: "Check which stores respond",
    answers: { 200: schema("Reach") },
  },
  [`GET ${MONITORING}/stats`]: {
    id: "getStats",
    tag: "Monitoring",
    summary: "Get the numbers of both tiers, of the last 24 h, and of the workers",
    answers: { 200: schema("Stats") },
  },
  [`GET ${MONITORING}/analytics/summary`]: {
    id: "getAnalyticsSummary",
    tag: "Monitoring",
    summary: "Summarise the executions of a time range",
    answers: { 200: schema("AnalyticsSummary") },
  },
  [`GET ${MONITORING}/analytics/performance`]: {
    id: "getAnalyticsPerformance",
    tag: "Monitoring",
    summary: "Get the executions of a time range as a time series",
    answers: { 200: schema("AnalyticsPerformance") },
  },
  [`GET ${MONITORING}/metrics`]: {
    id: "getMetrics",
    tag: "Monitoring",
    summary: "Get metrics in the Prometheus text format",
    answers: { 200: { contentTypes: ["text/plain"] } },
  },
  [`GET ${MONITORING}/diagnosis`]: {
    id: "getDiagnosis",
    tag: "System",
    summary: "Check Redis, ClickHouse, the bus, clocks, time zones and releases",
    answers: { 200: schema("Diagnosis") },
  },
  [`GET ${MONITORING}/breakers`]: {
    id: "listBreakers",
    tag: "Monitoring",
    summary: "List circuit breakers that are not closed, have failures since the last success, or hold occurrences",
    answers: { 200: schema("BreakerList") },
  },
  [`POST ${MONITORING}/breakers/reset`]: {
    id: "resetBreaker",
    tag: "System",
    summary: "Close a circuit breaker",
    answers: { 200: schema("ResetBreaker") },
    errors: ["not_found"],
  },
  [`GET ${MONITORING}/time-zones`]: {
    id: "getTimeZones",
    tag: "Monitoring",
    summary: "Get the time zone database in use, and the runs that its last change moved",
    answers: { 200: schema("TimeZones") },
  },
  [`POST ${MONITORING}/sync`]: {
    id: "runPromotion",
    tag: "System",
    summary: "Run a promotion cycle now",
    answers: { 200: schema("PromotionReport") },
  },
  [`POST ${MONITORING}/cleanup`]: {
    id: "runCleanup",
    tag: "System",
    summary: "Apply the retention now, or preview it with `dry_run`",
    answers: { 200: schema("CleanupReport") },
    example: { dry_run: true },
  },
  "GET /api/live": {
    id: "getLiveness",
    tag: "Monitoring",
    summary: "Check whether the process answers",
    answers: { 200: schema("Liveness") },
  },
  "GET /api/setup-status": {
    id: "getSetupStatus",
    tag: "Sign-in",
    summary: "Check whether a first account is needed",
    answers: { 200: schema("SetupStatus") },
  },
  "POST /api/auth/setup": {
    id: "createFirstAccount",
    body: SetupInput,
    tag: "Sign-in",
    summary: "Create the first account with the setup token",
    answers: { 200: schema("SignedIn") },
    errors: ["conflict"],
  },
  "POST /api/auth/sign-in": {
    id: "signIn",
    body: SignInInput,
    tag: "Sign-in",
    summary: "Open a session",
    answers: { 200: schema("SignedIn") },
  },
  "POST /api/auth/second-factor": {
    id: "completeSignIn",
    tag: "Sign-in",
    body: SecondFactorInput,
    summary: "Complete a sign-in with a code or a recovery code",
    answers: { 200: schema("SignedIn") },
    errors: ["conflict"],
  },
  "POST /api/auth/second-factor/confirm": {
    id: "confirmSecondFactor",
    needsSession: true,
    tag: "Sign-in",
    body: CodeInput,
    summary: "Turn the caller's second factor on",
    answers: { 200: schema("SignedIn") },
    errors: ["conflict"],
  },
  "POST /api/auth/passkey/options": {
    id: "startPasskeySignIn",
    tag: "Sign-in",
    summary: "Start a sign-in with a passkey",
    answers: { 200: schema("PasskeyCeremony") },
  },
  "POST /api/auth/passkey": {
    id: "signInWithPasskey",
    tag: "Sign-in",
    body: PasskeySignInInput,
    summary: "Open a session with a passkey",
    answers: { 200: schema("SignedIn") },
  },
  "POST /api/auth/password-link": {
    id: "getPasswordLink",
    tag: "Sign-in",
    body: LinkToken,
    summary: "Show what an invitation or a reset link is for",
    answers: { 200: schema("PasswordLink") },
    errors: ["not_found"],
  },
  "POST /api/auth/password-link/use": {
    id: "usePasswordLink",
    tag: "Sign-in",
    body: UseLinkInput,
    summary: "Set the password of an invitation or a reset link, and open a session",
    answers: { 200: schema("SignedIn") },
    errors: ["not_found", "conflict"],
  },
  "POST /api/auth/sign-out": {
    id: "signOut",
    needsSession: true,
    tag: "Sign-in",
    summary: "End the session",
    answers: { 200: schema("SignedOut") },
  },
  "GET /api/auth/oidc": {
    id: "startSingleSignOn",
    tag: "Sign-in",
    summary: "Start a sign-in with the identity provider",
    answers: { 303: null },
    errors: ["not_found"],
  },
  "GET /api/auth/callback/oidc": {
    id: "endSingleSignOn",
    tag: "Sign-in",
    summary: "Return from the identity provider",
    answers: { 303: null },
    errors: ["not_found"],
  },
  "GET /api/v1/schedules.schema.json": {
    id: "getDocumentSchema",
    tag: "API description",
    summary: "Get the JSON Schema of schedules.yaml",
    answers: { 200: { contentTypes: ["application/schema+json"] } },
  },
  "GET /api/v1/test/clock": {
    id: "getTestClock",
    tag: "System",
    summary: "Read the virtual clock",
    answers: { 200: { contentTypes: ["application/json"] } },
    errors: ["not_found"],
  },
  "POST /api/v1/test/clock": {
    id: "moveTestClock",
    tag: "System",
    summary: "Move the virtual clock, and publish what is due until then",
    answers: { 200: { contentTypes: ["application/json"] } },
    errors: ["not_found"],
  },
  "GET /api/v1/openapi.json": {
    id: "getOpenApiJson",
    tag: "API description",
    summary: "Get this document as JSON",
    answers: { 200: { contentTypes: ["application/json"] } },
  },
  "GET /api/v1/openapi.yaml": {
    id: "getOpenApiYaml",
    tag: "API description",
    summary: "Get this document as YAML",
    answers: { 200: { contentTypes: ["application/yaml"] } },
  },
};
