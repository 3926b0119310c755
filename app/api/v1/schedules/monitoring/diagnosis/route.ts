import { diagnosis } from "~/server/rest/routes/monitoring";

export const { GET, POST, PUT, PATCH, DELETE } = diagnosis;
