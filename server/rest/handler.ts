import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import type { JsonText } from "~/server/domain/json-text";
import { parseInput } from "~/server/domain/parse";
import { isReading, type Right } from "~/server/domain/rights";
import { Id } from "~/server/domain/text";
import { toWire } from "~/server/domain/wire";
import { createLogger } from "~/server/logger";
import { requestCtx } from "~/server/request-ctx";
import { requireRight, requireSameOrigin } from "~/server/services/access";
import { requestIdOf } from "~/server/services/access/request-headers";
import { asAppError } from "~/server/services/as-app-error";
import type { Ctx } from "~/server/services/ctx";
import { Deadline } from "~/server/services/deadline";
import { logRefusal } from "~/server/services/log-refusal";
import { recordRefusal } from "~/server/services/refusals";
import { requireNoScope } from "~/server/services/scope";
import { readIdempotencyKey, refuseIdempotencyKey } from "./idempotency-key";
import { problemResponse } from "./problem";
import { MAX_BODY_BYTES, readBody, readBodyWithText, readQuery } from "./request";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Params = Record<string, string | string[]>;
/** The handler that Next calls in a route file. */
export type RouteHandler = (request: Request, next: { params: Promise<Params> }) => Promise<Response>;
export type RouteMethods = Record<Method, RouteHandler>;

/** A handler and the specifications of its calls. The OpenAPI document is made from these. */
export interface RestHandler extends RouteHandler {
  /** One specification for each content type whose body has different fields. */
  readonly specs: readonly DescribedSpec[];
}
export interface DescribedSpec extends Omit<RestSpec<z.ZodType>, "run"> {
  contentType?: string;
}

/** The input of a request by the part that it comes from. Names are camelCase, values are unchanged. */
export interface Incoming {
  params: Params;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
  /** The text of the body; only with `keepsJsonText`. */
  bodyText?: JsonText;
  headers: Headers;
}

/** An answer. A `body` that is a string and a `stream` are sent unchanged; any other `body` is mapped to snake_case. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** JSON text that is inserted into the body as its `payload`, unchanged. */
  payload?: string;
  /** Parts of the body; each is sent when it is ready. An error before the first part becomes a problem response. */
  stream?: AsyncGenerator<string>;
}

export interface RestSpec<I extends z.ZodType> {
  /** The right that a caller needs. Of several rights, one is enough. */
  right: Right | readonly Right[];
  /** Refuses callers with a scope. */
  noScope?: true;
  input: I;
  /** Maps the request to the fields of the input: by default, the query and, for POST, PUT and PATCH, the body. */
  inputFrom?: (incoming: Incoming) => Record<string, unknown>;
  maxBytes?: number;
  /** Accepts `Idempotency-Key` as the input's `idempotencyKey`. Other calls refuse the header unless they only read. */
  idempotent?: true;
  /** Runs without a deadline, because the call may read everything. Each of its waits has a time limit. */
  takesLong?: true;
  /** Also keeps the unparsed text of the body and of each payload in it. */
  keepsJsonText?: boolean;
  run: (call: { ctx: Ctx; input: z.output<I> }) => Promise<Answer>;
}

export const NoInput = z.strictObject({});
const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const log = createLogger({ name: "rest" });

const hasBody = (method: string) => method !== "GET" && method !== "HEAD" && method !== "DELETE";

function defaultInputFrom(method: string): (incoming: Incoming) => Record<string, unknown> {
  return ({ query, body }) => (hasBody(method) ? { ...query, ...body } : query);
}

/** Removes the prefixes `patch.` and `replace.` from field names, because `inputFrom` adds them and callers do not. */
function withCallerFieldNames(error: AppError): AppError {
  const faults = error.faults.map((fault) => ({ ...fault, field: fault.field.replace(/^(patch|replace)\./, "") }));
  if (error.code !== "validation_failed" || faults.every((fault, i) => fault.field === error.faults[i]?.field)) {
    return error;
  }
  const message = `${faults[0]?.field}: ${faults[0]?.message}`;
  return new AppError(error.code, message, { faults, details: error.details, cause: error.cause });
}

async function answerResponse(answer: Answer, requestId: string): Promise<Response> {
  const headers = { "cache-control": "no-store", "x-request-id": requestId, ...answer.headers };
  if (answer.stream) return new Response(await bodyStream(answer.stream), { status: answer.status ?? 200, headers });
  if (answer.body === undefined) return new Response(null, { status: answer.status ?? 204, headers });
  if (typeof answer.body === "string") return new Response(answer.body, { status: answer.status ?? 200, headers });
  return new Response(jsonOf(answer), {
    status: answer.status ?? 200,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** Awaits the first part, so that an error before it becomes a problem response. A later error cuts the body off. */
async function bodyStream(parts: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let part = await parts.next();
  return new ReadableStream({
    async pull(controller) {
      if (part.done) return controller.close();
      controller.enqueue(encoder.encode(part.value));
      part = await parts.next();
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}

function jsonOf({ body, payload }: Answer): string {
  const json = JSON.stringify(toWire(body));
  // Inserted as text, because `JSON.parse` and `JSON.stringify` do not preserve every number.
  return payload === undefined ? json : `${json.slice(0, -1)},"payload":${payload}}`;
}

/**
 * Runs `work` within the request's deadline, except with `takesLong`, and answers errors as problem details.
 * `Prefer: wait` (RFC 7240) shortens the deadline. `changes`: whether the work may change something; by default true,
 * but false for GET. `headers` are added to a problem response.
 */
export async function answering(
  request: Request,
  work: (call: { requestId: string; deadline: Deadline | undefined; ctx: Ctx | null }) => Promise<Response>,
  more: { headers?: Record<string, string>; takesLong?: boolean; changes?: boolean } = {},
): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  const deadline = more.takesLong ? undefined : deadlineOf(request);
  const call: Parameters<typeof work>[0] = { requestId, deadline, ctx: null };
  const { pathname } = new URL(request.url);
  try {
    const answer = work(call);
    const changes = more.changes ?? request.method !== "GET";
    return await (deadline?.answer({ changes }, answer) ?? answer);
  } catch (thrown) {
    const error = withCallerFieldNames(asAppError(thrown, { log, requestId }));
    logRefusal(log, { error, what: `${request.method} ${pathname}`, requestId, ctx: call.ctx });
    return problemResponse({ error, instance: pathname, requestId, headers: more.headers });
  } finally {
    deadline?.end();
  }
}

/** The seconds of `Prefer: wait=SECONDS`. */
const PREFER_WAIT = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})/i;

function deadlineOf({ headers, signal }: Request): Deadline {
  const seconds = PREFER_WAIT.exec(headers.get("prefer") ?? "")?.[1];
  return new Deadline({ preferredMs: seconds === undefined ? null : Number(seconds) * 1000, hangUp: signal });
}

/** Whether a call only reads, whatever its method is: it needs only rights to read. */
const isRead = ({ right }: { right: Right | readonly Right[] }) => [right].flat().every(isReading);

function bodyOf(
  request: Request,
  spec: Pick<RestSpec<z.ZodType>, "maxBytes" | "keepsJsonText">,
): Promise<Pick<Incoming, "body" | "bodyText">> {
  const maxBytes = spec.maxBytes ?? MAX_BODY_BYTES;
  if (!hasBody(request.method)) return Promise.resolve({ body: {} });
  if (spec.keepsJsonText) return readBodyWithText(request, maxBytes);
  return readBody(request, maxBytes).then((body) => ({ body }));
}

/**
 * Creates the handler of one REST call: authenticates and authorizes the caller, then reads the body, parses the input
 * and runs the operation.
 */
export function restRoute<I extends z.ZodType>(spec: RestSpec<I>): RestHandler {
  const handler: RouteHandler = (request, next) =>
    answering(
      request,
      async (call) => {
        const { requestId, deadline } = call;
        const opened = await requestCtx(request.headers, deadline);
        const ctx = { ...opened.ctx, requestId };
        call.ctx = ctx;
        // At run time, a route without a dynamic part has no params, unlike its type.
        const params = { ...(await next.params) };
        const known: Record<string, unknown> = { ...params };
        return await recordingRefusals({ ctx, spec, request, params, known }, async () => {
          requireRight(ctx, spec.right);
          if (spec.noScope) requireNoScope(ctx);
          if (opened.session) requireSameOrigin({ method: request.method, headers: request.headers, hasSession: true });
          // A malformed id identifies nothing, so the answer is 404 rather than 422.
          if (params.id !== undefined && !Id.safeParse(params.id).success)
            throw new AppError("not_found", "There is no resource with this id.");
          // Stores compare ids as text, in lower case.
          if (params.id !== undefined) params.id = String(params.id).toLowerCase();
          const body = () => bodyOf(request, spec);
          const incoming: Incoming = {
            params,
            query: readQuery(new URL(request.url)),
            ...(await (deadline?.uncounted(body()) ?? body())),
            headers: request.headers,
          };
          const inputFrom = spec.inputFrom ?? defaultInputFrom(request.method);
          if (!spec.idempotent && !isRead(spec)) refuseIdempotencyKey(request.headers);
          const fields = spec.idempotent
            ? { ...inputFrom(incoming), idempotencyKey: readIdempotencyKey(request.headers) }
            : inputFrom(incoming);
          Object.assign(known, fields);
          const input = parseInput(spec.input, fields);
          return await answerResponse(await spec.run({ ctx, input }), requestId);
        });
      },
      { takesLong: spec.takesLong, changes: request.method !== "GET" && !isRead(spec) },
    );
  const { run: _, ...described } = spec;
  return Object.assign(handler, { specs: [described] });
}

/** Creates a handler that picks the choice with the content type of the body, or else the last choice. */
export function byContentType(...choices: readonly { contentType: string; handler: RestHandler }[]): RestHandler {
  const last = choices[choices.length - 1] as (typeof choices)[number];
  const handler: RouteHandler = (request, next) => {
    const sent = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
    const { handler: chosen } = choices.find(({ contentType }) => contentType === sent) ?? last;
    return chosen(request, next);
  };
  const specs = choices.flatMap(({ contentType, handler: { specs } }) =>
    specs.map((spec) => ({ ...spec, contentType })),
  );
  return Object.assign(handler, { specs });
}

/** Runs one call, and records it if it is refused. */
async function recordingRefusals<T>(
  input: {
    ctx: Ctx;
    spec: Pick<RestSpec<z.ZodType>, "right">;
    request: Request;
    params: Params;
    /** The fields of the input that are known so far. */
    known: Record<string, unknown>;
  },
  run: () => Promise<T>,
): Promise<T> {
  const { ctx, spec, request, params, known } = input;
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof AppError) {
      const changes = request.method !== "GET" && !isRead(spec);
      recordRefusal(ctx, { call: callName(request, params), changes, input: known, error: thrown });
    }
    throw thrown;
  }
}

/** The call as the contract names it, without its prefix, such as `POST schedules/{id}/toggle`. */
function callName({ method, url }: Request, params: Params): string {
  const names = new Map(
    Object.entries(params).flatMap(([name, value]) =>
      [String(value), encodeURIComponent(String(value))].map((text) => [text.toLowerCase(), `{${name}}`] as const),
    ),
  );
  const path = new URL(url).pathname.replace(/^\/(?:api\/v1\/)?(?:admin|schedules)\//, "");
  const segments = path.split("/").map((one) => names.get(one.toLowerCase()) ?? one);
  return `${method} ${segments.join("/")}`;
}

/** Adds the methods that a route does not serve. They answer 405 with `Allow`. */
export function methods(served: Partial<RouteMethods>): RouteMethods {
  const route = completed(served);
  servedBy.set(
    route,
    METHODS.filter((method) => served[method]),
  );
  return route;
}

const servedBy = new WeakMap<RouteMethods, readonly Method[]>();

/** The methods that a route serves. */
export const servedMethods = (route: RouteMethods): readonly Method[] => servedBy.get(route) ?? [];

function completed(served: Partial<RouteMethods>): RouteMethods {
  const allow = METHODS.filter((method) => served[method]).join(", ");
  const refuse: RouteHandler = (request) =>
    answering(
      request,
      async () => {
        throw new AppError("method_not_allowed", `${request.method} is not allowed here. Use ${allow}.`);
      },
      { headers: { allow } },
    );
  return Object.fromEntries(METHODS.map((method) => [method, served[method] ?? refuse])) as RouteMethods;
}
