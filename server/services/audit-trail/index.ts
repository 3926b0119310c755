export { scheduleActivity } from "./activity";
export { exportAudit } from "./export";
export { ActivityInput, ExportAuditInput, LastPausesInput, ListAuditInput, VerifyAuditInput } from "./inputs";
export { listAudit } from "./list";
export { listLastPauses } from "./pauses";
export { verifyAudit } from "./verify";
