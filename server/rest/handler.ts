import pino from "pino";
import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import type { JsonText } from "~/server/domain/json-text";
import { parseInput } from "~/server/domain/parse";
import { Id } from "~/server/domain/text";
import { toWire } from "~/server/domain/wire";
import { requestCtx } from "~/server/request-ctx";
import { requireRight, requireSameOrigin } from "~/server/services/access";
import { requestIdOf } from "~/server/services/access/request-facts";
import { asAppError } from "~/server/services/as-app-error";
import type { Ctx, Right } from "~/server/services/ctx";
import { Deadline } from "~/server/services/deadline";
import { readIdempotencyKey, refuseIdempotencyKey } from "./idempotency-key";
import { problemResponse } from "./problem";
import { MAX_BODY_BYTES, readBody, readDefinitions, readQuery } from "./request";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Params = Record<string, string | string[]>;
/** What Next calls in a route file. */
export type RouteHandler = (request: Request, next: { params: Promise<Params> }) => Promise<Response>;
export type RouteMethods = Record<Method, RouteHandler>;

/** What came in, by its origin. Names are camelCase, values as they were sent. */
export interface Incoming {
  params: Params;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
  /** The body's own text, for a route that takes definitions. */
  text?: JsonText;
  headers: Headers;
}

/** What goes out. `body` is mapped to snake_case; a string is sent as it is, with the `content-type` given. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** JSON text that is sent as it is as the body's `payload`. */
  payload?: string;
}

export interface RestSpec<I extends z.ZodType> {
  right: Right;
  input: I;
  /** Where the input's fields come from. By default: query and path for GET and DELETE, body and path otherwise. */
  from?: (incoming: Incoming) => Record<string, unknown>;
  maxBytes?: number;
  /**
   * Honours `Idempotency-Key`, as the input's `idempotencyKey`. Other calls that change something refuse the header.
   */
  idempotent?: true;
  /** Has no deadline: it may look through everything, as each single wait of it is bounded. */
  takesLong?: true;
  /** The body is a definition, or has them as its items: their payloads are kept as they were sent. */
  takesDefinitions?: boolean;
  run: (call: { ctx: Ctx; input: z.output<I> }) => Promise<Answer>;
}

export const NoInput = z.strictObject({});
const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const log = pino({ name: "rest" });

const hasBody = (method: string) => method !== "GET" && method !== "HEAD" && method !== "DELETE";

function defaultFrom(method: string): (incoming: Incoming) => Record<string, unknown> {
  return ({ query, body }) => (hasBody(method) ? { ...query, ...body } : query);
}

/** Definitions travel under `patch` and `replace` inside; the caller knows no such level. */
function asCallerSpells(error: AppError): AppError {
  const faults = error.faults.map((fault) => ({ ...fault, field: fault.field.replace(/^(patch|replace)\./, "") }));
  if (error.code !== "validation_failed" || faults.every((fault, i) => fault.field === error.faults[i]?.field)) {
    return error;
  }
  const message = `${faults[0]?.field}: ${faults[0]?.message}`;
  return new AppError(error.code, message, { faults, details: error.details, cause: error.cause });
}

function answerResponse(answer: Answer, requestId: string): Response {
  const headers = { "cache-control": "no-store", "x-request-id": requestId, ...answer.headers };
  if (answer.body === undefined) return new Response(null, { status: answer.status ?? 204, headers });
  if (typeof answer.body === "string") return new Response(answer.body, { status: answer.status ?? 200, headers });
  return new Response(jsonOf(answer), {
    status: answer.status ?? 200,
    headers: { "content-type": "application/json", ...headers },
  });
}

function jsonOf({ body, payload }: Answer): string {
  const json = JSON.stringify(toWire(body));
  // Set in as text: `JSON.stringify` could write only what `JSON.parse` made of it.
  return payload === undefined ? json : `${json.slice(0, -1)},"payload":${payload}}`;
}

/**
 * Runs `work` and tells whatever it throws as a problem. The work has the time of one request, unless it takes long; a
 * caller that asks by `Prefer: wait` (RFC 7240) has its answer sooner.
 */
export async function answering(
  request: Request,
  work: (call: { requestId: string; deadline: Deadline | undefined }) => Promise<Response>,
  more: { headers?: Record<string, string>; takesLong?: boolean; changes?: boolean } = {},
): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  const deadline = more.takesLong ? undefined : deadlineOf(request);
  try {
    const answer = work({ requestId, deadline });
    const changes = more.changes ?? request.method !== "GET";
    return await (deadline?.answer({ changes }, answer) ?? answer);
  } catch (thrown) {
    const error = asCallerSpells(asAppError(thrown, { log, requestId }));
    return problemResponse({ error, instance: new URL(request.url).pathname, requestId, headers: more.headers });
  } finally {
    deadline?.end();
  }
}

const WAIT = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})/i;

function deadlineOf({ headers, signal }: Request): Deadline {
  const seconds = WAIT.exec(headers.get("prefer") ?? "")?.[1];
  return new Deadline({ preferredMs: seconds === undefined ? null : Number(seconds) * 1000, hangUp: signal });
}

/** What needs no more than the right to read changes nothing, whatever its method. */
const hasChanges = (method: string, spec: { right: Right }) => method !== "GET" && spec.right !== "read";

function bodyOf(
  request: Request,
  spec: Pick<RestSpec<z.ZodType>, "maxBytes" | "takesDefinitions">,
): Promise<Pick<Incoming, "body" | "text">> {
  const maxBytes = spec.maxBytes ?? MAX_BODY_BYTES;
  if (!hasBody(request.method)) return Promise.resolve({ body: {} });
  if (spec.takesDefinitions) return readDefinitions(request, maxBytes);
  return readBody(request, maxBytes).then((body) => ({ body }));
}

/**
 * One REST call: who calls, may they, what do they say, then the verb. The caller is asked before the body is read.
 */
export function restRoute<I extends z.ZodType>(spec: RestSpec<I>): RouteHandler {
  return (request, next) =>
    answering(
      request,
      async ({ requestId, deadline }) => {
        const opened = await requestCtx(request.headers, deadline);
        const ctx = { ...opened.ctx, requestId };
        requireRight(ctx, spec.right);
        if (opened.session) requireSameOrigin({ method: request.method, headers: request.headers });
        // A route without a dynamic part is given none at run time, whatever the type says.
        const params = { ...(await next.params) };
        // What cannot be an id names nothing, so it is not found rather than invalid.
        if (params.id !== undefined && !Id.safeParse(params.id).success)
          throw new AppError("not_found", "There is no such id.");
        if (params.id !== undefined) params.id = String(params.id).toLowerCase();
        const body = () => bodyOf(request, spec);
        const incoming: Incoming = {
          params,
          query: readQuery(new URL(request.url)),
          ...(await (deadline?.uncounted(body()) ?? body())),
          headers: request.headers,
        };
        const from = spec.from ?? defaultFrom(request.method);
        if (!spec.idempotent && spec.right !== "read") refuseIdempotencyKey(request.headers);
        const given = spec.idempotent
          ? { ...from(incoming), idempotencyKey: readIdempotencyKey(request.headers) }
          : from(incoming);
        const input = parseInput(spec.input, given);
        return answerResponse(await spec.run({ ctx, input }), requestId);
      },
      { takesLong: spec.takesLong, changes: hasChanges(request.method, spec) },
    );
}

/** All methods of a route file: those given, and 405 with `Allow` for the others. */
export function methods(given: Partial<RouteMethods>): RouteMethods {
  const allow = METHODS.filter((method) => given[method]).join(", ");
  const refuse: RouteHandler = (request) =>
    answering(
      request,
      async () => {
        throw new AppError("method_not_allowed", `${request.method} is not allowed here; ${allow} is.`);
      },
      { headers: { allow } },
    );
  return Object.fromEntries(METHODS.map((method) => [method, given[method] ?? refuse])) as RouteMethods;
}
