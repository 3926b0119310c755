export { createSchedule } from "./create";
export { createSchedules } from "./create-many";
export { deleteSchedule } from "./delete";
export { executeSchedule } from "./execute";
export { scheduleFacets } from "./facets";
export { getSchedule } from "./get";
export {
  CreateScheduleInput,
  CreateSchedulesInput,
  DeleteScheduleInput,
  ExecuteScheduleInput,
  ListOccurrencesInput,
  ListSchedulesInput,
  MergeScheduleInput,
  PatchScheduleInput,
  PreviewScheduleInput,
  ReplaceScheduleInput,
  ScheduleId,
  ToggleScheduleInput,
} from "./inputs";
export { listSchedules } from "./list";
export { listOccurrences, previewSchedule } from "./preview";
export { previewResume } from "./preview-resume";
export { withoutReadOnly } from "./read-only";
export { toggleSchedule } from "./toggle";
export { mergeSchedule, patchSchedule, replaceSchedule } from "./update";
