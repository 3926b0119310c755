import { executionsInFlight } from "~/server/rest/routes/executions";

export const { GET, POST, PUT, PATCH, DELETE } = executionsInFlight;
