import { z } from "zod";
import { ScheduleInput } from "~/server/domain/schedule";

export const TopicInput = z.strictObject({ topic: ScheduleInput.shape.topic.unwrap() });
export type TopicInput = z.infer<typeof TopicInput>;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The JSON text of a schema. Whether it is a valid JSON Schema is checked when it is compiled. */
const SchemaText = z.string().refine(isJson, "must be the JSON text of a JSON Schema");

export const SaveTopicSchemaInput = TopicInput.extend({ schema: SchemaText });
export type SaveTopicSchemaInput = z.infer<typeof SaveTopicSchemaInput>;

/** Checks a payload, given as JSON text, against the schema of a topic. */
export const CheckPayloadInput = TopicInput.extend({ body: z.string() });
export type CheckPayloadInput = z.infer<typeof CheckPayloadInput>;

/** Checks a payload against a schema that is not saved. */
export const TrySchemaInput = z.strictObject({ schema: SchemaText, body: z.string() });
export type TrySchemaInput = z.infer<typeof TrySchemaInput>;
