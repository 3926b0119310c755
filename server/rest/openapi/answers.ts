/*
 * The answers of all REST calls. `npm run openapi` derives `answers.json`, the schemas of the OpenAPI document, from
 * these types. A type's name is its name in the document.
 */
import type { ErrorCode, FieldFault } from "~/server/domain/errors";
import type { PauseAllView } from "~/server/domain/pause-all";
import type * as views from "~/server/domain/views";
import type { Ceremony } from "~/server/services/access/identity/passkeys";
import type { ApiKeyView } from "~/server/services/access/new-api-key";
import type { LinkView, NewLink } from "~/server/services/access/password-links";
import type { UserView } from "~/server/services/access/users";
import type { AppliedDocument as Applied } from "~/server/services/as-code/apply";
import type { DocumentDifference as Difference } from "~/server/services/as-code/diff";
import type { ExportedDocument as Exported } from "~/server/services/as-code/export";
import type { AuditRow } from "~/server/services/audit-trail/list";
import type { ChainCheck } from "~/server/services/audit-trail/verify";
import type { BulkJob as StoredJob } from "~/server/services/bulk/job";
import type { BulkPreview as SchedulesPreview } from "~/server/services/bulk/start";
import type { RefusedMessage } from "~/server/services/dead-letters/refused";
import type { DecidePreview } from "~/server/services/dead-letters/start";
import type { Diagnosis as DiagnosisView } from "~/server/services/diagnosis/read";
import type { CleanupReport as Cleanup } from "~/server/services/firing/cleanup-once";
import type { PromotionReport as Promotion } from "~/server/services/firing/promote-once";
import type { PayloadKeys } from "~/server/services/payload-keys/keys";
import type { Decided } from "~/server/services/quarantine/decide";
import type { QuarantinedDetail, QuarantinedView } from "~/server/services/quarantine/list";
import type { ReachReport } from "~/server/services/reach";
import type { Started } from "~/server/services/schedules/execute";
import type { CreatedSchedule as Created } from "~/server/services/schedules/new-schedule";
import type { VersionRow } from "~/server/services/versions/list";

/** The JSON as the caller sent it, except for masked values. */
type Json = unknown;
/** Texts by name. */
type Texts = { [name: string]: string };
type WithPayload<View> = Omit<View, "payload" | "headers"> & { payload: Json; headers: Texts };

export type Schedule = WithPayload<views.ScheduleView>;
export type CreatedSchedule = Schedule & Pick<Created, "durable">;
export type ScheduleList = views.Page<views.ScheduleListItem>;
export interface BatchResult {
  items: (
    | { index: number; scheduleId: string }
    | { index: number; error: { code: ErrorCode; title: string; status: number; detail: string; errors: FieldFault[] } }
  )[];
}
export type DocumentDifference = Difference;
export type AppliedDocument = Applied;
export type ExportedDocument = Exported;
export type SchedulePreview = views.SchedulePreview;
export type OccurrencePage = views.OccurrencePage;
export type ResumePreview = views.ResumePreview;
export type ExplanationPage = views.ExplanationPage;
export interface VersionList {
  currentVersion: number;
  items: VersionRow[];
  isComplete: boolean;
}
export type StartedExecution = Started;
export type UpcomingLoad = views.UpcomingLoad;

export type ExecutionList = views.Page<views.ExecutionRow>;
export type Execution = WithPayload<views.ExecutionView>;
export interface FailureList {
  items: views.FailureGroup[];
  isComplete: boolean;
}
export type InFlightPage = views.InFlightPage;

export type BulkJob = StoredJob;
export interface BulkJobList {
  items: StoredJob[];
}
export type BulkPreview = SchedulesPreview;
export type DeadLettersPreview = DecidePreview;
export interface RefusedMessages {
  items: RefusedMessage[];
}
export interface QuarantineList {
  items: QuarantinedView[];
  total: number;
}
export type PayloadKeyList = PayloadKeys;
export type EncryptionReport = PayloadKeys & { encrypted: number; skipped: number };
export type QuarantinedItem = QuarantinedDetail;
export type QuarantineDecision = Decided;

export interface ApiKeyList {
  items: ApiKeyView[];
}
export interface NewApiKey extends ApiKeyView {
  secret: string;
}
export type User = UserView;
export interface UserList {
  items: UserView[];
}
export type NewPasswordLink = NewLink;
export interface SettingList {
  items: views.SettingView[];
}
export type AuditList = views.Page<AuditRow>;
export type AuditCheck = ChainCheck;
export type PauseAll = PauseAllView;

export type TopicProtection = views.ProtectionView;

export type Health = Pick<views.Health, "status"> & Partial<views.Health>;
export type Stats = views.Stats;
export type Reach = ReachReport;
export type AnalyticsSummary = views.AnalyticsSummary;
export type AnalyticsPerformance = views.Performance;
export type Diagnosis = DiagnosisView;
export interface BreakerList {
  items: views.BreakerView[];
}
export interface ResetBreaker {
  name: string;
}
export type TimeZones = views.TimeZonesView;
export type PromotionReport = Promotion;
export type CleanupReport = Cleanup;
export interface Liveness {
  status: "alive";
}
export interface SetupStatus {
  needed: boolean;
}
/** `mustEnrol`: the user must set up a second factor first. `secondFactor`: the sign-in waits for the second factor. */
export type SignedIn =
  | { user: { id: string; email: string | null; name: string; role: string }; mustEnrol?: true }
  | { secondFactor: true };
export type PasskeyCeremony = Ceremony;
export type PasswordLink = LinkView;
export interface SignedOut {
  ok: boolean;
  /** The address at which the identity provider signs out too; null if there is none. */
  url: string | null;
}
export interface StartedReplay {
  executionId: string;
}
