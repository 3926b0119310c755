import { bulkExport } from "~/server/rest/routes/bulk";

export const { GET, POST, PUT, PATCH, DELETE } = bulkExport;
