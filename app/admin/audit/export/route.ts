import { auditExport } from "~/server/rest/routes/audit";

export const { GET, POST, PUT, PATCH, DELETE } = auditExport;
