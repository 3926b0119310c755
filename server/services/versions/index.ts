export { GetVersionInput, RestoreScheduleInput } from "./inputs";
export { getVersion, listVersions } from "./list";
export { restoreSchedule } from "./restore";
