import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answer {
  status?: number;
  headers?: Record<string, string | { $http_date_in_seconds: number }>;
  body?: unknown;
  text?: string;
  failure?: "closed" | "cut" | "silent" | "stalled";
}
export interface RecordedRequest {
  method: string;
  /** The path and the query. */
  target: string;
  headers: Record<string, string>;
  body: string;
  /** The time since the previous answer, ms. */
  pauseMs: number;
}

/** An HTTP server on loopback that records requests and gives the answers of a test in turn. */
export async function startRecordingServer(writeJson: (value: unknown) => string) {
  let answers: readonly Answer[] = [];
  let requests: RecordedRequest[] = [];
  let answeredAt = 0;
  const server = createServer(async (request, response) => {
    const pauseMs = performance.now() - answeredAt;
    const body = await textOf(request);
    const { method = "", url: target = "" } = request;
    requests.push({ method, target, headers: request.headers as Record<string, string>, body, pauseMs });
    respond(response, answers[requests.length - 1] ?? { status: 418 }, writeJson);
    answeredAt = performance.now();
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Starts a test. Returns the list to which its requests are appended. */
    record(next: readonly Answer[]): readonly RecordedRequest[] {
      answers = next;
      requests = [];
      answeredAt = performance.now();
      return requests;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

function respond(response: ServerResponse, answer: Answer, writeJson: (value: unknown) => string): void {
  const { failure, status = 200, headers = {}, text = "" } = answer;
  if (failure === "closed") response.socket?.destroy();
  if (failure === "cut" || failure === "stalled") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"schedule_id": ', () => failure === "cut" && response.socket?.destroy());
  }
  if (failure !== undefined) return;
  const isJson = "body" in answer;
  for (const [name, value] of Object.entries(headers)) {
    const date = () => new Date(Date.now() + Number(Object.values(value)[0]) * 1000).toUTCString();
    response.setHeader(name, typeof value === "string" ? value : date());
  }
  if (!response.hasHeader("content-type"))
    response.setHeader("content-type", isJson ? "application/json" : "text/html");
  response.writeHead(status);
  response.end(status === 204 ? undefined : isJson ? writeJson(answer.body) : text);
}
