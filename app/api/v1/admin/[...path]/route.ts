import { adminAlias } from "~/server/rest/routes/admin-table";

export const { GET, POST, PUT, PATCH, DELETE } = adminAlias;
