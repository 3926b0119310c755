import { passwordLinkRoute } from "~/server/rest/routes/auth";

export const { GET, POST, PUT, PATCH, DELETE } = passwordLinkRoute;
