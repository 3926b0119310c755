import { live } from "~/server/rest/routes/health";

export const { GET, POST, PUT, PATCH, DELETE } = live;
