import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { AppError } from "~/server/domain/errors";
import { requestCtx } from "~/server/request-ctx";
import { problemResponse } from "~/server/rest/problem";
import { requestIdOf } from "~/server/services/access/request-headers";
import { Deadline } from "~/server/services/deadline";
import type { TrpcContext } from "./init";
import { appRouter } from "./router";
import { createTurns } from "./turns";

const TRPC_PATH = "/api/trpc";
/** Calls in one batch. */
const MAX_CALLS = 50;
/** Concurrent list queries of a batch. More would slow down firing. */
const MAX_CONCURRENT_LISTS = 4;
/** Enough for a batch with one payload of 1 MiB that is escaped twice as JSON. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Creates the context of one request. `hangUp` aborts when the caller disconnects. */
export async function trpcContext(headers: Headers, hangUp?: AbortSignal): Promise<TrpcContext> {
  const { ctx, session } = await requestCtx(headers, new Deadline({ hangUp }));
  const call = { ...ctx, allowsListsWithoutRedis: true };
  return { call, session, headers, turns: createTurns(MAX_CONCURRENT_LISTS) };
}

function tooLarge(request: Request): Response | null {
  if (request.method !== "POST") return null;
  const length = request.headers.get("content-length");
  // Browsers always send the length.
  if (length !== null && Number(length) <= MAX_BYTES) return null;
  const error = new AppError("payload_too_large", `The body needs a Content-Length of at most ${MAX_BYTES} bytes.`);
  return problemResponse({ error, instance: TRPC_PATH, requestId: requestIdOf(request.headers) });
}

/** Handles all tRPC calls of the dashboard: queries, mutations and the live stream. */
export async function handleTrpc(request: Request): Promise<Response> {
  return (
    tooLarge(request) ??
    fetchRequestHandler({
      endpoint: TRPC_PATH,
      req: request,
      router: appRouter,
      maxBatchSize: MAX_CALLS,
      createContext: () => trpcContext(request.headers, request.signal),
      responseMeta: ({ ctx }) => ({
        headers: { "cache-control": "no-store", ...(ctx ? { "x-request-id": ctx.call.requestId } : {}) },
      }),
    })
  );
}
