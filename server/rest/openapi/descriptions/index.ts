import { DEFINITION_DESCRIPTIONS } from "~/server/domain/definition-descriptions";
import { SETTING_NAMES, SETTINGS } from "~/server/domain/settings";
import { wireField } from "~/server/domain/wire";
import { COMMON_DESCRIPTIONS } from "./common";
import { DOCUMENT_DESCRIPTIONS } from "./documents";
import { EXECUTION_DESCRIPTIONS } from "./executions";
import { FILTER_DESCRIPTIONS } from "./filters";
import { INSTALLATION_DESCRIPTIONS } from "./installation";
import { SCHEDULE_DESCRIPTIONS } from "./schedules";

const DEFINITION = Object.entries(DEFINITION_DESCRIPTIONS).map(([field, text]) => [wireField([field]), text] as const);
const SETTING = SETTING_NAMES.map((name) => [wireField([name]), SETTINGS[name].description] as const);
/** The schemas of schedules. In them, a field of the definition has the meaning of the definition. */
const SCHEDULES = ["ScheduleDefinition", "ScheduleEntry", "Schedule", "CreatedSchedule", "ScheduleListItem"];

/*
 * Descriptions of fields by name. A comment at the type of an answer, or zod's `describe`, takes precedence. A prefix
 * is the object or the schema that has the field; `body` is the body of a request.
 */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(SETTING),
  ...Object.fromEntries(DEFINITION),
  ...COMMON_DESCRIPTIONS,
  ...INSTALLATION_DESCRIPTIONS,
  ...EXECUTION_DESCRIPTIONS,
  ...SCHEDULE_DESCRIPTIONS,
  ...DOCUMENT_DESCRIPTIONS,
  ...Object.fromEntries(SCHEDULES.flatMap((name) => DEFINITION.map(([field, text]) => [`${name}.${field}`, text]))),
  ...Object.fromEntries(SETTING.map(([name, text]) => [`values.${name}`, text])),
  "path.topic": "The topic whose settings are read or changed.",
  ...Object.fromEntries(Object.entries(FILTER_DESCRIPTIONS).map(([field, text]) => [`filter.${field}`, text])),
};

type Json = { [key: string]: unknown };
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** The description of a field; `parent` is the field or the schema that contains it. */
export function descriptionOf(field: string, parent: string | null = null): string | undefined {
  return DESCRIPTIONS[`${parent}.${field}`] ?? DESCRIPTIONS[field];
}

/** Adds the missing descriptions to the properties in a part of the document. */
export function describeFields<Part>(part: Part, parent: string | null = null): Part {
  if (Array.isArray(part)) return part.map((one) => describeFields(one, parent)) as Part;
  if (!isObject(part)) return part;
  const described: Json = {};
  for (const [keyword, value] of Object.entries(part)) {
    described[keyword] =
      keyword === "properties" && isObject(value) ? describeProperties(value, parent) : describeFields(value, parent);
  }
  return described as Part;
}

function describeProperties(properties: Json, parent: string | null): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => {
      const inner = describeFields(schema, name);
      const text = descriptionOf(name, parent);
      if (!isObject(inner) || inner.description !== undefined || text === undefined) return [name, inner];
      return [name, { description: text, ...inner }];
    }),
  );
}

interface Parameter {
  name: string;
  in?: string;
  description?: string;
  schema?: { description?: string };
}

/** Adds the missing descriptions to parameters. Parameters of a query are conditions, like the fields of a `filter`. */
export function describeParameters(parameters: readonly Parameter[]): Parameter[] {
  return parameters.map((parameter) => {
    const parent = parameter.in === "query" ? "filter" : (parameter.in ?? null);
    const text = parameter.description ?? parameter.schema?.description ?? descriptionOf(parameter.name, parent);
    return text === undefined ? parameter : { ...parameter, description: text };
  });
}
