import { pauseAllRoute } from "~/server/rest/routes/pause-all";

export const { GET, POST, PUT, PATCH, DELETE } = pauseAllRoute;
