import { topicSchema } from "~/server/rest/routes/topics";

export const { GET, POST, PUT, PATCH, DELETE } = topicSchema;
