import { auditVerify } from "~/server/rest/routes/audit";

export const { GET, POST, PUT, PATCH, DELETE } = auditVerify;
