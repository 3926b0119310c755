import { scheduleVersions } from "~/server/rest/routes/schedules";

export const { GET, POST, PUT, PATCH, DELETE } = scheduleVersions;
