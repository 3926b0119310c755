import { schedule } from "~/server/rest/routes/schedules";

export const { GET, POST, PUT, PATCH, DELETE } = schedule;
