import { oidcStartRoute } from "~/server/rest/routes/oidc";

export const { GET, POST, PUT, PATCH, DELETE } = oidcStartRoute;
