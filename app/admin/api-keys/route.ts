import { apiKeys } from "~/server/rest/routes/api-keys";

export const { GET, POST, PUT, PATCH, DELETE } = apiKeys;
