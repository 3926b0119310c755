import { scheduleRestore } from "~/server/rest/routes/schedules";

export const { GET, POST, PUT, PATCH, DELETE } = scheduleRestore;
