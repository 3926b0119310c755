export { scheduleActivity } from "./activity";
export { exportAudit } from "./export";
export { ActivityInput, ExportAuditInput, LastPausesInput, ListAuditInput } from "./inputs";
export { listAudit } from "./list";
export { listLastPauses } from "./pauses";
