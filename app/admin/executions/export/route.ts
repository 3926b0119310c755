import { executionsExport } from "~/server/rest/routes/executions";

export const { GET, POST, PUT, PATCH, DELETE } = executionsExport;
