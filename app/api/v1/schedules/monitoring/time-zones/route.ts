import { timeZones } from "~/server/rest/routes/monitoring";

export const { GET, POST, PUT, PATCH, DELETE } = timeZones;
