import { payloadKeys } from "~/server/rest/routes/payload-keys";

export const { GET, POST, PUT, PATCH, DELETE } = payloadKeys;
