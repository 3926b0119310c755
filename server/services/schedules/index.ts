export { countSchedules } from "./count";
export { createSchedule } from "./create";
export { createSchedules } from "./create-many";
export { deleteSchedule } from "./delete";
export { executeSchedule } from "./execute";
export { exportSchedules } from "./export";
export { scheduleFacets } from "./facets";
export { getSchedule } from "./get";
export {
  CreateScheduleInput,
  CreateSchedulesInput,
  DeleteScheduleInput,
  ExecuteScheduleInput,
  ExportSchedulesInput,
  GetScheduleInput,
  ListOccurrencesInput,
  ListSchedulesInput,
  MergeScheduleInput,
  PatchScheduleInput,
  PreviewScheduleInput,
  ReplaceScheduleInput,
  ScheduleFilterInput,
  ScheduleId,
  ScheduleIds,
  ToggleScheduleInput,
} from "./inputs";
export { listSchedules } from "./list";
export { namesOfSchedules } from "./names-of";
export { listOccurrences, previewSchedule } from "./preview";
export { previewCreate } from "./preview-create";
export { previewResume } from "./preview-resume";
export { withoutReadOnly } from "./read-only";
export { toggleSchedule } from "./toggle";
export { mergeSchedule, patchSchedule, replaceSchedule } from "./update";
