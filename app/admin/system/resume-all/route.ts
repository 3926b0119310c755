import { resumeAllRoute } from "~/server/rest/routes/pause-all";

export const { GET, POST, PUT, PATCH, DELETE } = resumeAllRoute;
