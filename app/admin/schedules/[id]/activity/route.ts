import { scheduleActivityRoute } from "~/server/rest/routes/schedules";

export const { GET, POST, PUT, PATCH, DELETE } = scheduleActivityRoute;
