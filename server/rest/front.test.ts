import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardServers } from "./front";

/* Real requests, written out byte for byte: clients and `fetch` tidy an address before they send it. */

let server: Server;

beforeAll(async () => {
  guardServers();
  server = createServer((request, response) => response.end(`reached ${request.method} ${request.url}`));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.close();
});

async function send(lines: string): Promise<{ status: number; head: string; body: string }> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.end(`${lines}\r\nHost: a.example\r\nConnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += chunk;
  const [head = "", body = ""] = text.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head, body };
}

describe("a request that Next could not read", () => {
  it.each([
    ["TRACE /admin/schedules HTTP/1.1", 405, "method_not_allowed"],
    ["PROPFIND / HTTP/1.1", 405, "method_not_allowed"],
    ["DELETE /admin/schedules/%2e%2e HTTP/1.1", 404, "not_found"],
    ["PATCH /admin/schedules/x/%2e%2e/y HTTP/1.1", 404, "not_found"],
    ["DELETE /admin//schedules HTTP/1.1", 404, "not_found"],
    ["GET * HTTP/1.1", 404, "not_found"],
    ["OPTIONS * HTTP/1.1", 404, "not_found"],
    ["GET http://a.example/admin/%2e%2e/x HTTP/1.1", 404, "not_found"],
    ["GET /admin/schedules/%ff HTTP/1.1", 404, "not_found"],
    ["GET /admin/schedules?q=%ed%a0%80 HTTP/1.1", 422, "validation_failed"],
    ["GET /api/trpc/schedules.list?input=%ff HTTP/1.1", 422, "validation_failed"],
    ["GET /login HTTP/1.1\r\nRSC: 1\r\nNext-Router-State-Tree: nonsense", 400, "body_invalid"],
    ["GET /login HTTP/1.1\r\nNext-Router-State-Tree: %", 400, "body_invalid"],
    [`GET /login HTTP/1.1\r\nNext-Router-State-Tree: ${"[".repeat(5000)}`, 400, "body_invalid"],
  ])("%s is a problem of its own", async (lines, status, code) => {
    const answer = await send(lines);
    expect(answer.status).toBe(status);
    expect(answer.head).toContain("application/problem+json");
    expect(answer.body).toContain(`"code":"${code}"`);
    expect(answer.body).not.toContain("    at ");
    if (status === 405) expect(answer.head).toMatch(/allow: GET, HEAD, POST/i);
  });

  it("has no body where HEAD asked", async () => {
    expect(await send("HEAD /admin/schedules/.. HTTP/1.1")).toMatchObject({ status: 404, body: "" });
  });
});

it.each([
  "GET /admin/schedules?q=.. HTTP/1.1",
  "DELETE /admin/schedules/a%2fb HTTP/1.1",
  "GET /admin/schedules?q=%c3%a9%20+100%&tag=%E6%97%A5 HTTP/1.1",
  "OPTIONS /admin/schedules HTTP/1.1",
  "GET /login HTTP/1.1\r\nNext-Router-State-Tree: %5B%22%22%2C%7B%7D%5D",
])("%s reaches what stands behind", async (lines) => {
  const [method, target] = lines.split(" ");
  expect(await send(lines)).toMatchObject({
    status: 200,
    body: expect.stringContaining(`reached ${method} ${target}`),
  });
});

it.each([
  ["http://a.example/admin/schedules?limit=1", "/admin/schedules?limit=1"],
  ["HTTPS://b.example", "/"],
  ["http://b.example?x=1", "/?x=1"],
])("%s, as a proxy is sent it, is %s here", async (target, path) => {
  expect(await send(`GET ${target} HTTP/1.1`)).toMatchObject({ status: 200, body: `reached GET ${path}` });
});
