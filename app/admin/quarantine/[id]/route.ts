import { quarantineItem } from "~/server/rest/routes/quarantine";

export const { GET, POST, PUT, PATCH, DELETE } = quarantineItem;
