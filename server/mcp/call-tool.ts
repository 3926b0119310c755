import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { AppError } from "~/server/domain/errors";
import { keepPayloadTexts } from "~/server/domain/json-text";
import { parseInput } from "~/server/domain/parse";
import { fromWire, toWire } from "~/server/domain/wire";
import { createLogger } from "~/server/logger";
import { requireRight } from "~/server/services/access";
import { asAppError } from "~/server/services/as-app-error";
import type { Ctx } from "~/server/services/ctx";
import type { Deadline } from "~/server/services/deadline";
import { logRefusal } from "~/server/services/log-refusal";
import { recordRefusal } from "~/server/services/refusals";
import type { Tool } from "./tool";
import { toolError } from "./tool-error";

const log = createLogger({ name: "mcp" });

/** A request to call a tool. */
export interface ToolRequest {
  tool: Tool;
  allowsWrites: boolean;
  /** The text of the arguments, which is a JSON object. */
  argumentsText: string;
  requestKey: string | null;
  deadline: Deadline;
}

/**
 * Calls a tool: checks the right, parses the arguments and runs the operation within the deadline. Each error is a
 * result with its code. A refusal is on record.
 */
export async function callTool(ctx: Ctx, request: ToolRequest): Promise<CallToolResult> {
  const { tool, deadline } = request;
  const changes = tool.changes !== undefined;
  const known: Record<string, unknown> = {};
  try {
    const output = await deadline.answer({ changes }, run(ctx, request, known));
    return { content: [{ type: "text", text: JSON.stringify(output) }], structuredContent: output };
  } catch (thrown) {
    const { requestId } = ctx;
    const error = asAppError(thrown, { log, requestId });
    const call = `mcp.${tool.name}`;
    logRefusal(log, { error, what: call, requestId, ctx });
    recordRefusal(ctx, { call, changes, input: known, error });
    return toolError(error, requestId);
  }
}

async function run(ctx: Ctx, request: ToolRequest, known: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { tool, argumentsText, requestKey } = request;
  if (tool.changes !== undefined && !request.allowsWrites) throw readOnly(tool);
  if (tool.right !== null) requireRight(ctx, tool.right);
  const fields = fromWire(JSON.parse(argumentsText)) as Record<string, unknown>;
  Object.assign(known, fields);
  keepPayloadTexts(fields, argumentsText);
  const output = await tool.run({ ctx, input: parseInput(tool.input, fields), requestKey });
  return toWire(output) as Record<string, unknown>;
}

function readOnly({ name, right }: Tool): AppError {
  const needs = right === null ? "" : ` with a key that has the right ${right}`;
  return new AppError(
    "forbidden",
    `This connection is read-only, and ${name} changes something. Connect to /mcp?allow_writes=true${needs}.`,
    { details: { required: "allow_writes=true" } },
  );
}
