import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { z } from "zod";
import { AppError, fieldError } from "~/server/domain/errors";
import { jsonMembers } from "~/server/domain/json-text";
import { requestCtx } from "~/server/request-ctx";
import { answering, methods } from "~/server/rest/handler";
import { MAX_BODY_BYTES, queryFault, readText } from "~/server/rest/request";
import { requireCaller } from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import { Deadline } from "~/server/services/deadline";
import { requireOwnPage } from "./origin";
import { createServer } from "./server";
import { newSessionId, sessionOf } from "./session";

/**
 * `/mcp`: the Model Context Protocol over streamable HTTP, without sessions on the server. There is no stream to open
 * with GET, and no session to end with DELETE.
 */
export const mcp = methods({
  POST: (request) =>
    answering(
      request,
      async (call) => {
        // A tool that reaches the deadline returns an error itself.
        const deadline = new Deadline({ hangUp: request.signal });
        try {
          const ctx = await assistantCtx(request.headers, { requestId: call.requestId, deadline });
          call.ctx = ctx;
          const response = await answerMessage(request, ctx, deadline);
          response.headers.set("cache-control", "no-store");
          response.headers.set("x-request-id", call.requestId);
          return response;
        } finally {
          deadline.end();
        }
      },
      { takesLong: true },
    ),
});

/**
 * The context of an assistant. Throws `unauthenticated` without an API key: cookies of browsers do not count. Throws
 * `forbidden` for a web page of another site, and for an address from which the key is not allowed.
 */
async function assistantCtx(
  headers: Headers,
  { requestId, deadline }: { requestId: string; deadline: Deadline },
): Promise<Ctx> {
  if (!headers.has("authorization")) {
    throw new AppError("unauthenticated", "Send an API key in the header Authorization: Bearer.");
  }
  const { ctx } = await requestCtx(headers, deadline);
  requireOwnPage(headers, ctx.deps.env.publicUrl);
  const { client } = sessionOf(headers) ?? { client: null };
  const principal = { ...requireCaller(ctx), via: "mcp" as const, ...(client === null ? {} : { client }) };
  return { ...ctx, principal, requestId };
}

async function answerMessage(request: Request, ctx: Ctx, deadline: Deadline): Promise<Response> {
  const allowsWrites = allowsWritesOf(new URL(request.url));
  const text = await deadline.uncounted(readText(request, MAX_BODY_BYTES));
  const message = messageIn(text);
  const server = createServer(ctx, {
    ...{ allowsWrites, deadline },
    session: sessionOf(request.headers),
    argumentsText: argumentsIn(message, text),
  });
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport);
  try {
    const response = await transport.handleRequest(request, { parsedBody: message });
    const sessionId = newSessionId(message);
    if (sessionId !== null && response.ok) response.headers.set("mcp-session-id", sessionId);
    return response;
  } finally {
    await server.close();
  }
}

const Flag = z.stringbool();

function allowsWritesOf({ search, searchParams }: URL): boolean {
  const fault = queryFault(search);
  if (fault) throw fault;
  const given = searchParams.getAll("allow_writes");
  if (given.length === 0) return false;
  const parsed = Flag.safeParse(given.length === 1 ? given[0] : undefined);
  if (parsed.success) return parsed.data;
  throw fieldError("validation_failed", {
    field: "allow_writes",
    message: "is not a flag",
    expected: "true or false, once",
  });
}

/** Throws `body_invalid` for text that is not one JSON-RPC message. The transport checks the message itself. */
function messageIn(text: string): Record<string, unknown> {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    throw new AppError("body_invalid", `The body is not JSON: ${(error as Error).message}`);
  }
  if (message !== null && typeof message === "object" && !Array.isArray(message)) {
    return message as Record<string, unknown>;
  }
  // A batch would count as one request of the rate limit.
  throw new AppError("body_invalid", "The body must be one JSON-RPC message. Batches are not supported.");
}

const Called = z.object({
  method: z.literal("tools/call"),
  params: z.object({ arguments: z.record(z.string(), z.unknown()) }),
});

/** The text of the arguments of a call; `{}` without arguments. */
function argumentsIn(message: unknown, text: string): string {
  if (!Called.safeParse(message).success) return "{}";
  return jsonMembers(jsonMembers(text).get("params") as string).get("arguments") as string;
}
