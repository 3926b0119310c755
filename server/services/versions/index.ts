export { RestoreScheduleInput, ScheduleVersionInput } from "./inputs";
export { getVersion, listVersions } from "./list";
export { restoreSchedule } from "./restore";
