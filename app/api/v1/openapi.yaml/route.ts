import { openapiYaml } from "~/server/rest/routes/openapi";

export const { GET, POST, PUT, PATCH, DELETE } = openapiYaml;
