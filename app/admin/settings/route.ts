import { settings } from "~/server/rest/routes/settings";

export const { GET, POST, PUT, PATCH, DELETE } = settings;
