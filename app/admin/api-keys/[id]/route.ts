import { apiKey } from "~/server/rest/routes/api-keys";

export const { GET, POST, PUT, PATCH, DELETE } = apiKey;
