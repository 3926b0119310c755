import { notFound } from "~/server/rest/routes/admin-table";

export const { GET, POST, PUT, PATCH, DELETE } = notFound;
