import { scheduleToggle } from "~/server/rest/routes/schedules";

export const { GET, POST, PUT, PATCH, DELETE } = scheduleToggle;
