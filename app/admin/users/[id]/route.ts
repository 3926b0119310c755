import { user } from "~/server/rest/routes/users";

export const { GET, POST, PUT, PATCH, DELETE } = user;
