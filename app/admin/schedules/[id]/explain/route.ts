import { scheduleExplain } from "~/server/rest/routes/schedules";

export const { GET, POST, PUT, PATCH, DELETE } = scheduleExplain;
