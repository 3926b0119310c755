import type Ajv from "ajv/dist/2020";
import { vi } from "vitest";
import type * as handlerModule from "~/server/rest/handler";
import type { Method, RouteHandler, RouteMethods } from "~/server/rest/handler";

/*
 * Setup of the project `parts` (vitest.config.ts): compares every answer of a REST call with the OpenAPI document. A
 * test fails if its call answers with a status, a content type or a body that the document does not have.
 */
vi.mock("~/server/rest/handler", async (original) => {
  const real = await original<typeof handlerModule>();
  return {
    ...real,
    methods: (served: Partial<RouteMethods>) => real.methods(validating(served)),
  };
});

function validating(served: Partial<RouteMethods>): Partial<RouteMethods> {
  return Object.fromEntries(
    Object.entries(served).map(([method, handler]) => {
      const validated: RouteHandler = async (request, next) => {
        const answer = await handler(request, next);
        await validate(answer, { method: method as Method, handler: validated });
        return answer;
      };
      // Keeps the specification of the handler.
      return [method, Object.assign(validated, handler)];
    }),
  );
}

type Content = Record<string, { schema: object }>;
interface Documented {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Content } | { $ref: string }> }>>;
  components: { responses: Record<string, { content?: Content }> };
}
let compiled: { document: Documented; ajv: Ajv } | undefined;

async function documented() {
  // Loaded here, because most tests call no route.
  const [{ openApiDocument }, { default: Validator }] = await Promise.all([
    import("~/server/rest/openapi/document"),
    import("ajv/dist/2020"),
  ]);
  if (compiled) return compiled;
  const document = openApiDocument() as unknown as Documented;
  const ajv = new Validator({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: "openapi", ...document });
  compiled = { document, ajv };
  return compiled;
}

const escaped = (part: string) => part.replaceAll("~", "~0").replaceAll("/", "~1");

async function validate(answer: Response, call: { method: Method; handler: RouteHandler }): Promise<void> {
  const { ROUTES } = await import("~/server/rest/routes/table");
  const path = ROUTES.find(([, route]) => route[call.method] === call.handler)?.[0];
  // The handler of unknown addresses has no path.
  if (path === undefined) return;
  const { document, ajv } = await documented();
  const name = `${call.method} ${path}`;
  const status = String(answer.status);
  const own = document.paths[path]?.[call.method.toLowerCase()]?.responses[status];
  const shared = own && "$ref" in own ? (own.$ref.split("/").at(-1) as string) : null;
  const response = shared === null ? (own as { content?: Content } | undefined) : document.components.responses[shared];
  // Exports of lines (x-ndjson) are no JSON document.
  const isJson = /[/+]json\b/.test(answer.headers.get("content-type") ?? "");
  const text = isJson ? await answer.clone().text() : "";
  if (response === undefined) throw new Error(`${name} answers ${status}, which is not documented: ${text}`);
  const contentType = (answer.headers.get("content-type") ?? "").split(";")[0] as string;
  if (contentType === "" && response.content === undefined) return;
  if (response.content?.[contentType] === undefined)
    throw new Error(`${name} answers ${status} with "${contentType}", which is not documented`);
  if (text === "") return;
  const place =
    shared === null
      ? ["paths", path, call.method.toLowerCase(), "responses", status]
      : ["components", "responses", shared];
  const pointer = [...place, "content", contentType, "schema"];
  const isValid = ajv.compile({ $ref: `openapi#/${pointer.map(escaped).map(encodeURIComponent).join("/")}` });
  if (isValid(JSON.parse(text))) return;
  throw new Error(`${name} answers ${status}: ${ajv.errorsText(isValid.errors)}\n${text.slice(0, 2000)}`);
}
