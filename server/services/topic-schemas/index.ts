export { checkPayload, trySchema } from "./check";
export { CheckPayloadInput, SaveTopicSchemaInput, TopicInput, TrySchemaInput } from "./inputs";
export { getTopicSchema, listTopicSchemas } from "./read";
export { restoreTopicSchemas } from "./restore";
export { deleteTopicSchema, saveTopicSchema } from "./save";
export { createTopicSchemaSource } from "./source";
