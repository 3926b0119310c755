import { StreamableHTTPClientTransport, StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import {
  isInitializeRequest,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type RequestId,
} from "@modelcontextprotocol/sdk/types.js";

/** A code of the range that JSON-RPC reserves for errors of implementations. */
const UPSTREAM_FAILED = -32000;

/**
 * Passes the messages of an assistant on stdin to `/mcp` of the product, and the answers to stdout, until stdin ends. A
 * request that cannot be delivered is answered with an error, so that the assistant does not wait for it.
 */
export async function runMcpBridge(options: {
  /** The address of the product, such as `https://schedules.example.org`. */
  url: string;
  apiKey: string;
  allowsWrites: boolean;
  /** Ends the bridge. */
  signal: AbortSignal;
}): Promise<void> {
  const stdio = new StdioServerTransport();
  const http = new StreamableHTTPClientTransport(addressOf(options), {
    requestInit: { headers: { authorization: `Bearer ${options.apiKey}` } },
  });
  const sending = new Set<Promise<void>>();
  let initializeId: RequestId | null = null;

  async function pass(message: JSONRPCMessage): Promise<void> {
    if (isInitializeRequest(message) && isJSONRPCRequest(message)) initializeId = message.id;
    try {
      await http.send(message);
    } catch (error) {
      if (!isJSONRPCRequest(message)) return;
      await stdio.send({ jsonrpc: "2.0", id: message.id, error: { code: UPSTREAM_FAILED, message: reasonOf(error) } });
    }
  }

  stdio.onmessage = (message) => {
    const work = pass(message).finally(() => sending.delete(work));
    sending.add(work);
  };
  http.onmessage = (message) => {
    // Later requests contain the version that both sides have agreed on.
    if (isJSONRPCResultResponse(message) && message.id === initializeId) {
      http.setProtocolVersion(String(message.result.protocolVersion));
    }
    void stdio.send(message);
  };
  const { stdin } = process;
  const ended = new Promise((resolve) => {
    stdin.once("end", resolve).once("close", resolve);
    options.signal.addEventListener("abort", resolve, { once: true });
  });
  await http.start();
  await stdio.start();
  await ended;
  await Promise.all(sending);
  await Promise.all([http.close(), stdio.close()]);
}

function addressOf({ url, allowsWrites }: { url: string; allowsWrites: boolean }): URL {
  const address = new URL("mcp", url.endsWith("/") ? url : `${url}/`);
  if (allowsWrites) address.searchParams.set("allow_writes", "true");
  return address;
}

/** The `detail` of the product's problem; otherwise the text of the error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof StreamableHTTPError)) return `Stufio Schedules cannot be reached: ${causeOf(error)}`;
  const problem = /\{.*\}/s.exec(error.message)?.[0];
  return `Stufio Schedules answered ${error.code}: ${(problem && detailOf(problem)) ?? error.message}`;
}

/** `fetch failed` has the reason in its cause. */
function causeOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

function detailOf(text: string): string | null {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === "string" ? detail : null;
  } catch {
    return null;
  }
}
