import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { AppError } from "~/server/domain/errors";
import { toWire } from "~/server/domain/wire";
import { TITLES } from "~/server/rest/problem";

/**
 * The result of a failed call: the members of a REST problem that are about the error, as JSON text. A client would
 * check `structuredContent` against the schema of the tool's output, so it is absent.
 */
export function toolError(error: AppError, requestId: string): CallToolResult {
  const problem = {
    ...(toWire(error.details) as Record<string, unknown>),
    code: error.code,
    title: TITLES[error.code],
    detail: error.message,
    request_id: requestId,
    ...(error.faults.length > 0 ? { errors: error.faults } : {}),
  };
  return { isError: true, content: [{ type: "text", text: JSON.stringify(problem) }] };
}
