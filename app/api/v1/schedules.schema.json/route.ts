import { documentSchemaRoute } from "~/server/rest/routes/as-code";

export const { GET, POST, PUT, PATCH, DELETE } = documentSchemaRoute;
