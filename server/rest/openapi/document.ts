import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from "zod-openapi";
import type { ErrorCode } from "~/server/domain/errors";
import { isReading } from "~/server/domain/rights";
import { VERSION } from "~/server/version";
import { type DescribedSpec, type Method, type RestHandler, type RouteMethods, servedMethods } from "../handler";
import { ROUTES } from "../routes/table";
import { TEST_ROUTES } from "../routes/test-clock";
import answers from "./answers.json";
import { describeFields, describeParameters } from "./descriptions";
import { errorResponses } from "./error-responses";
import { OPERATIONS, type Operation, TAGS } from "./operations";
import { PROBLEM } from "./problem-schema";
import { requestParts } from "./request-parts";
import { wireSchema } from "./wire-schema";

type Json = { [key: string]: unknown };

let document: Json | undefined;

/** The OpenAPI 3.1 document: every REST call, with its input from the schema of its route or from `operations.ts`. */
export function openApiDocument(): Json {
  document ??= createOpenApi(ROUTES);
  return document;
}

/** The document of an installation for tests, which has more calls. */
export const testOpenApiDocument = (): Json => createOpenApi([...ROUTES, ...TEST_ROUTES]);

function createOpenApi(routes: typeof ROUTES): Json {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  const shared: SharedResponses = new Map();
  for (const [path, route] of routes) {
    paths[path] = Object.fromEntries(
      servedMethods(route).map((method) => [method.toLowerCase(), operationObject({ path, method, route, shared })]),
    );
  }
  for (const path of OWN_PATHS) paths[path] = { get: operationObject({ path, method: "GET", route: {}, shared }) };
  const created = createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Stufio Schedules",
        version: VERSION,
        description: DESCRIPTION,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/" }],
      tags: [...TAGS],
      security: [{ apiKey: [] }, { session: [] }],
      paths: paths as never,
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer", description: "An API key, such as stufio_live_…" },
          session: { type: "apiKey", in: "cookie", name: "stufio_session", description: "The session of a browser." },
        },
        headers: HEADERS,
      },
    },
    { override: describeCustomTypes },
  ) as unknown as { paths: Record<string, Record<string, Json>>; components: { schemas?: Json; responses?: Json } };
  for (const operations of Object.values(created.paths)) {
    for (const operation of Object.values(operations)) {
      if (operation.requestBody !== undefined)
        operation.requestBody = describeFields(wireSchema(operation.requestBody), "body");
      if (operation.parameters !== undefined) {
        operation.parameters = describeParameters(wireSchema(operation.parameters) as never);
      }
    }
  }
  const inputs = wireSchema(created.components.schemas ?? {}) as Json;
  const schemas: Json = { ...inputs, ...answers, Problem: PROBLEM };
  for (const [name, schema] of Object.entries(schemas)) schemas[name] = describeFields(schema, name);
  created.components.schemas = schemas;
  created.components.responses = Object.fromEntries([...shared].sort(([one], [other]) => one.localeCompare(other)));
  return created as unknown as Json;
}

/** The error responses by name. Calls with the same codes share one. */
type SharedResponses = Map<string, object>;

/** The paths that serve this document. `ROUTES` lacks them, because their routes import this file. */
const OWN_PATHS = ["/api/v1/openapi.json", "/api/v1/openapi.yaml"];

const DESCRIPTION = `Schedules publish events to Kafka or Redis Streams, once or by cron in any time zone.

Names are snake_case. Times are ISO 8601 with an offset, or epoch seconds or milliseconds; answers have ISO 8601 in UTC. Paged lists return \`next_cursor\`, the \`cursor\` of the next page.

Errors are problem details (RFC 9457) with a stable \`code\`. A call is answered within 10 s, or sooner by \`Prefer: wait=<seconds>\`, except downloads, bulk jobs, documents and maintenance. \`/api/v1/admin\` is an alias of \`/admin\`.`;

const HEADERS = {
  RateLimit: {
    description: 'The rest of the request rate: `"key";r=9999;t=10` allows 9,999 more requests within 10 seconds.',
    schema: { type: "string" as const },
  },
  "RateLimit-Policy": { description: "The limits of the request rate.", schema: { type: "string" as const } },
  "X-Request-Id": {
    description: "The id of the request in logs and in the audit trail.",
    schema: { type: "string" as const },
  },
  "Retry-After": { description: "Seconds to wait before the next attempt.", schema: { type: "integer" as const } },
  ETag: { description: "The version, for `If-Match`.", schema: { type: "string" as const } },
  Location: { description: "The address of the created resource.", schema: { type: "string" as const } },
};
type HeaderName = keyof typeof HEADERS;
const headers = (...names: HeaderName[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** zod cannot express the types that its custom checks accept. All of them are JSON objects. */
function describeCustomTypes({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: Json }): void {
  if (zodSchema._zod.def.type !== "custom") return;
  jsonSchema.type = "object";
  jsonSchema.additionalProperties ??= true;
}

const PARAMETER = /\{(\w+)\}/g;

function operationObject(call: {
  path: string;
  method: Method;
  route: Partial<RouteMethods>;
  shared: SharedResponses;
}): ZodOpenApiOperationObject {
  const { path, method, route, shared } = call;
  const operation = OPERATIONS[`${method} ${path}`];
  if (operation === undefined) throw new Error(`server/rest/openapi/operations.ts has no ${method} ${path}`);
  const specs = (route[method] as Partial<RestHandler> | undefined)?.specs ?? [];
  const parameters = Array.from(path.matchAll(PARAMETER), ([, name]) => name as string);
  const [first] = specs;
  const parts = specs.map((spec) => ({ spec, ...requestParts(spec, { method, parameters }) }));
  const [own] = parts;
  const header = z.object({
    ...(first?.idempotent ? { "Idempotency-Key": IDEMPOTENCY_KEY } : {}),
    ...(own?.hasIfMatch ? { "If-Match": IF_MATCH } : {}),
    ...(path === "/api/setup-status" ? { "x-setup-token": z.string() } : {}),
  });
  const contents = parts.flatMap(({ spec, body }) =>
    body === null ? [] : [[spec.contentType ?? "application/json", { schema: body }] as const],
  );
  const json = operation.body === undefined ? [] : [["application/json", { schema: operation.body }] as const];
  const named = [...contents.filter(([type]) => json.length === 0 || type !== "application/json"), ...json];
  const withExample = named.map(([contentType, content]) => [
    contentType,
    contentType === "application/json" && operation.example !== undefined
      ? { ...content, example: operation.example }
      : content,
  ]);
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(first === undefined
      ? { security: operation.needsSession ? [{ session: [] }] : [] }
      : { description: rightsText(first) }),
    requestParams: { path: own?.path ?? z.object({}), query: own?.query ?? z.object({}), header },
    ...(withExample.length > 0 ? { requestBody: { content: Object.fromEntries(withExample) } } : {}),
    responses: responses({ operation, method, spec: first, parts: own, hasBody: withExample.length > 0, shared }),
  };
}

const IDEMPOTENCY_KEY = z.string().min(1).max(256).optional().meta({
  description:
    "For 24 hours after success, a repeat of the request with the same key gets the first answer, and changes nothing.",
});
const IF_MATCH = z.string().optional().meta({ description: "The version in the `ETag` of the last answer." });

function rightsText({ right }: DescribedSpec): string {
  const names = [right].flat().map((one) => `\`${one}\``);
  return `Right: ${names.join(" or ")}.`;
}

interface ErrorCall {
  operation: Operation;
  method: Method;
  spec: DescribedSpec | undefined;
  parts: ReturnType<typeof requestParts> | undefined;
  hasBody: boolean;
}

function responses({ shared, ...call }: ErrorCall & { shared: SharedResponses }): ZodOpenApiResponsesObject {
  const { operation } = call;
  const described: Record<string, unknown> = {};
  for (const [status, content] of Object.entries(operation.answers)) {
    described[status] = {
      description: Number(status) === 503 ? "Degraded" : operation.summary,
      headers: headers("X-Request-Id", "RateLimit", "RateLimit-Policy", ...(operation.headers ?? [])),
      ...(content === null ? {} : { content: contentObject(content) }),
    };
  }
  for (const { status, name, response } of errorResponses(errorCodes(call))) {
    if (described[status] !== undefined) continue;
    described[status] = { $ref: `#/components/responses/${name}` };
    shared.set(name, response);
  }
  return described as unknown as ZodOpenApiResponsesObject;
}

function contentObject(content: NonNullable<Operation["answers"][number]>) {
  if ("schema" in content) {
    return { "application/json": { schema: { $ref: `#/components/schemas/${content.schema}` } } };
  }
  return Object.fromEntries(
    content.contentTypes.map((one) => [one, { schema: /json|yaml/.test(one) ? {} : { type: "string" as const } }]),
  );
}

/** The codes that a call may answer with: those of its kind, and its own. */
function errorCodes({ operation, method, spec, parts, hasBody }: ErrorCall): ErrorCode[] {
  const codes = new Set<ErrorCode>(["rate_limited", "head_too_large", "internal", ...(operation.errors ?? [])]);
  const add = (...more: ErrorCode[]) => {
    for (const code of more) codes.add(code);
  };
  if (operation.tag !== "API description") add("redis_unavailable", "clickhouse_unavailable", "query_timeout");
  if (spec !== undefined || operation.tag === "Sign-in") add("unauthenticated", "forbidden");
  if (spec !== undefined || hasBody) add("validation_failed");
  if (hasBody || method === "POST" || method === "PUT" || method === "PATCH")
    add("body_invalid", "payload_too_large", "validation_failed");
  if (parts !== undefined && Object.keys(parts.path.shape).length > 0) add("not_found");
  if (parts !== undefined && "cursor" in parts.query.shape) add("cursor_invalid");
  if (parts !== undefined && ["timezone", "zone"].some((name) => name in parts.query.shape)) add("timezone_unknown");
  if (parts?.hasIfMatch) add("version_stale");
  if (spec?.idempotent) add("idempotency_key_reused", "idempotency_in_progress");
  if (spec !== undefined && method !== "GET" && ![spec.right].flat().every(isReading)) add("may_have_been_kept");
  return [...codes];
}
