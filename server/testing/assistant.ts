import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { mcp } from "~/server/mcp/handler";
import type { Method } from "~/server/rest/handler";

/** A result of `tools/call`. */
export interface ToolResult {
  isError?: boolean;
  content: { type: string; text: string }[];
  structuredContent?: Record<string, unknown>;
}

/** The error of a failed call. */
export interface ToolFailure {
  code: string;
  detail: string;
  required?: string;
  errors?: { field: string; message: string; expected?: string }[];
  request_id: string;
}

/** Sends a request to the handler of `/mcp` in this process. */
export function sendToMcp(
  call: { query?: string; headers?: Record<string, string> } & (
    | { body: string | Uint8Array<ArrayBuffer>; method?: "POST" }
    | { body?: undefined; method: Method }
  ),
): Promise<Response> {
  const { query = "", headers, body, method = "POST" } = call;
  const request = new Request(`http://127.0.0.1/mcp${query}`, {
    method,
    body,
    headers: { accept: "application/json, text/event-stream", "content-type": "application/json", ...headers },
  });
  return mcp[method](request, { params: Promise.resolve({}) });
}

/** Calls a tool with one message, without a session. */
export async function callOneTool(call: {
  key: string;
  tool: string;
  input?: object;
  allowsWrites?: boolean;
  headers?: Record<string, string>;
}): Promise<ToolResult> {
  const { key, tool, input = {}, allowsWrites = true, headers } = call;
  const params = { name: tool, arguments: input };
  const response = await sendToMcp({
    query: allowsWrites ? "?allow_writes=true" : "",
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  return ((await response.json()) as { result: ToolResult }).result;
}

export const failureOf = ({ content: [first] }: ToolResult): ToolFailure => JSON.parse(first?.text ?? "null");

/** Connects the client of the SDK to the handler of `/mcp` in this process. */
export async function connectAssistant(input: {
  key: string;
  allowsWrites?: boolean;
  name?: string;
}): Promise<{ client: Client; call(tool: string, input?: object): Promise<ToolResult> }> {
  const { key, allowsWrites = false, name = "test-assistant" } = input;
  const client = new Client({ name, version: "1.2.3" });
  const url = new URL(`http://127.0.0.1/mcp${allowsWrites ? "?allow_writes=true" : ""}`);
  const transport = new StreamableHTTPClientTransport(url, {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
    fetch: (to, init) => mcp[(init?.method ?? "GET") as Method](new Request(to, init), { params: Promise.resolve({}) }),
  });
  await client.connect(transport);
  return {
    client,
    // The client also compares the structured content with the output schema of the tool.
    call: async (tool, args = {}) => (await client.callTool({ name: tool, arguments: { ...args } })) as never,
  };
}
