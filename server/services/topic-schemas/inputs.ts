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

/** The compilation checks whether the text is a valid JSON Schema. */
const SchemaText = z.string().refine(isJson, "must be the JSON text of a JSON Schema");

export const SaveTopicSchemaInput = TopicInput.extend({ schema: SchemaText });
export type SaveTopicSchemaInput = z.infer<typeof SaveTopicSchemaInput>;

/** `body` is the JSON text of a payload. */
export const CheckPayloadInput = TopicInput.extend({ body: z.string() });
export type CheckPayloadInput = z.infer<typeof CheckPayloadInput>;

export const TrySchemaInput = z.strictObject({ schema: SchemaText, body: z.string() });
export type TrySchemaInput = z.infer<typeof TrySchemaInput>;
