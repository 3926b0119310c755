import { documentsDiff } from "~/server/rest/routes/as-code";

export const { GET, POST, PUT, PATCH, DELETE } = documentsDiff;
