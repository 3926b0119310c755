import { curlOf } from "./curl";
import type { JsonSchema, OpenApiDocument, OpenApiOperation, OpenApiParameter, OpenApiResponse } from "./document";
import { constraintsOf, fieldsOf, modelsIn, type ReferenceField, type TypePart, typeOf } from "./schema";

/** A page of the API reference: the calls with one tag, and the types that they use. */
export interface ReferencePage {
  slug: string;
  name: string;
  description: string;
  operations: ReferenceOperation[];
  models: ReferenceModel[];
}

export interface ReferenceModel {
  name: string;
  description: string | null;
  type: TypePart[];
  fields: ReferenceField[];
  /** Whether a request contains it. */
  isInput: boolean;
}

export interface ReferenceOperation {
  id: string;
  method: string;
  path: string;
  summary: string;
  /** Which right the caller needs. */
  description: string | null;
  needsCredentials: boolean;
  parameters: { label: string; fields: ReferenceField[] }[];
  bodies: { contentType: string; type: TypePart[]; fields: ReferenceField[] }[];
  answers: { status: string; description: string; contents: { contentType: string; type: TypePart[] }[] }[];
  errors: { status: string; codes: { code: string; title: string }[] }[];
  curl: string;
}

const PROBLEM = "application/problem+json";
const PLACES = [
  ["path", "Path"],
  ["query", "Query"],
  ["header", "Headers"],
] as const;

/** The pages of the reference, in the order of the document's tags. `titles`: the meaning of each error code. */
export function buildReference(document: OpenApiDocument, titles: Readonly<Record<string, string>>): ReferencePage[] {
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return document.tags.map(({ name, description }) => {
    const own = calls.filter(({ operation }) => operation.tags.includes(name));
    return {
      slug: slugOf(name),
      name,
      description,
      operations: own.map((call) => operationOf({ ...call, document, titles })),
      models: modelsOf(
        own.map(({ operation }) => operation),
        document,
      ),
    };
  });
}

const slugOf = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

interface Call {
  path: string;
  method: string;
  operation: OpenApiOperation;
  document: OpenApiDocument;
  titles: Readonly<Record<string, string>>;
}

function operationOf({ path, method, operation, document, titles }: Call): ReferenceOperation {
  const responses = responsesOf(operation, document);
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  return {
    id: operation.operationId,
    method,
    path,
    summary: operation.summary,
    description: operation.description ?? null,
    needsCredentials: operation.security === undefined,
    parameters: PLACES.map(([place, label]) => ({
      label,
      fields: (operation.parameters ?? []).filter((one) => one.in === place).map(parameterField),
    })).filter(({ fields }) => fields.length > 0),
    bodies: bodies.map(([contentType, { schema = {} }]) => ({
      contentType,
      type: typeOf(schema),
      // A named type is among the models of the page.
      fields: schema.$ref === undefined ? fieldsOf(schema) : [],
    })),
    answers: responses
      .filter(([, { content = {} }]) => content[PROBLEM] === undefined)
      .map(([status, { description, content = {} }]) => ({
        status,
        description,
        contents: Object.entries(content).map(([contentType, { schema = {} }]) => ({
          contentType,
          type: typeOf(schema),
        })),
      })),
    errors: responses
      .filter(([, { content = {} }]) => content[PROBLEM] !== undefined)
      .map(([status, { content = {} }]) => ({
        status,
        codes: codesOf(content[PROBLEM]?.schema).map((code) => ({ code, title: titles[code] ?? "" })),
      })),
    curl: curlOf({ path, method, needsKey: operation.security === undefined, body: exampleOf(operation) }),
  };
}

function exampleOf(operation: OpenApiOperation): unknown {
  return operation.requestBody?.content["application/json"]?.example;
}

function responsesOf(operation: OpenApiOperation, document: OpenApiDocument): [status: string, OpenApiResponse][] {
  return Object.entries(operation.responses).map(([status, response]) => {
    if (!("$ref" in response)) return [status, response];
    const name = response.$ref.split("/").at(-1) ?? "";
    const found = document.components.responses?.[name];
    if (found === undefined) throw new Error(`the document has no ${response.$ref}`);
    return [status, found];
  });
}

function codesOf(schema: JsonSchema = {}): string[] {
  const own = (schema.properties?.code?.enum ?? []) as string[];
  return [...own, ...(schema.allOf ?? []).flatMap(codesOf)];
}

const parameterField = ({ name, required = false, description, schema = {} }: OpenApiParameter): ReferenceField => ({
  name,
  required,
  type: typeOf(schema),
  constraints: constraintsOf(schema),
  description: description ?? schema.description ?? null,
  fields: [],
});

/** The named types that the calls use, directly or within other types. */
function modelsOf(operations: readonly OpenApiOperation[], document: OpenApiDocument): ReferenceModel[] {
  const inputs = modelsWithin(
    operations.map(({ parameters, requestBody }) => [parameters, requestBody]),
    document,
  );
  const outputs = modelsWithin(
    operations.map(({ responses }) => responses),
    document,
  );
  return [...new Set([...inputs, ...outputs])].sort().map((name) => modelOf(name, document, inputs.has(name)));
}

function modelsWithin(value: unknown, document: OpenApiDocument): Set<string> {
  const found = new Set<string>();
  const visit = (part: unknown) => {
    for (const name of modelsIn(part)) {
      // The introduction of the reference shows `Problem`.
      if (found.has(name) || name === "Problem") continue;
      found.add(name);
      visit(document.components.schemas[name]);
    }
  };
  visit(value);
  return found;
}

/** One named type of the document. */
export function modelOf(name: string, document: OpenApiDocument, isInput = false): ReferenceModel {
  const schema = document.components.schemas[name];
  if (schema === undefined) throw new Error(`the document has no schema ${name}`);
  return { name, description: schema.description ?? null, type: typeOf(schema), fields: fieldsOf(schema), isInput };
}
