import { performanceSeries } from "~/server/rest/routes/monitoring";

export const { GET, POST, PUT, PATCH, DELETE } = performanceSeries;
