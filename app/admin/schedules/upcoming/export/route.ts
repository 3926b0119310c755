import { upcomingExport } from "~/server/rest/routes/upcoming";

export const { GET, POST, PUT, PATCH, DELETE } = upcomingExport;
