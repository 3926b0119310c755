import { topicProtection } from "~/server/rest/routes/topics";

export const { GET, POST, PUT, PATCH, DELETE } = topicProtection;
