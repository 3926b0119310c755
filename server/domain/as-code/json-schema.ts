import { z } from "zod";
import { ScheduleDocument } from "./document";

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  version: "The version of this format.",
  owner: "The label under which the document owns its schedules.",
  schedules: "All schedules of the owner.",
  name: "The unique name, by which the schedule is identified.",
  enabled: "Without it, a pause or resume by somebody stays.",
  topic: "The topic to publish to.",
  entityType: "The type of the entity in the event.",
  action: "The action of the event.",
  payload: "The payload of the event, an object.",
  body: "The payload as JSON text, for numbers that YAML cannot keep.",
  headers: "Headers of the event.",
  cronExpression: "5 fields, or 6 with seconds first, or a macro such as @daily.",
  executionTime: "The time of a one-time schedule, with an offset.",
  timezone: "The time zone of the cron expression, such as Europe/Berlin.",
  maxRetries: "The maximum number of retries after the first failed attempt.",
  jitterSeconds: "Each run has its own delay below this, which is the same at each computation.",
  dstGap: "What a run does whose time does not exist.",
  dstOverlap: "Which run fires if a time occurs twice.",
  catchUp: "Which missed runs are made up.",
  startAt: "The first time at which the schedule may fire.",
  endAt: "The last time at which the schedule may fire.",
  maxRuns: "The maximum number of planned runs.",
};

type Json = Record<string, unknown>;

/** The JSON Schema (draft 2020-12) of a document, with the field names of this code. */
export function documentSchema(): Json {
  return z.toJSONSchema(ScheduleDocument, {
    target: "draft-2020-12",
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema, path }) {
      // zod cannot express custom checks. All custom checks of this schema accept only objects.
      if (zodSchema._zod.def.type === "custom") jsonSchema.type = "object";
      const description = path.at(-2) === "properties" ? DESCRIPTIONS[String(path.at(-1))] : undefined;
      if (description !== undefined) jsonSchema.description = description;
    },
  }) as Json;
}
