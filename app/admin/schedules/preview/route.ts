import { schedulesPreview } from "~/server/rest/routes/schedules";

export const { GET, POST, PUT, PATCH, DELETE } = schedulesPreview;
