import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardServers } from "./front";
import { createRequestRate } from "./request-rate";

/* The tests write to a socket, because HTTP clients normalise URLs. */

let server: Server;

beforeAll(async () => {
  guardServers({ rate: createRequestRate({ perKey: 3, perAddress: 60 }) });
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

describe("a request that Next.js would answer with 500 or a redirect", () => {
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
  ])("gets a problem document: %s", async (lines, status, code) => {
    const answer = await send(lines);
    expect(answer.status).toBe(status);
    expect(answer.head).toContain("application/problem+json");
    expect(answer.body).toContain(`"code":"${code}"`);
    // A line of a stack trace.
    expect(answer.body).not.toContain("    at ");
    if (status === 405) expect(answer.head).toMatch(/allow: GET, HEAD, POST/i);
  });

  it("gets no body if it is a HEAD", async () => {
    expect(await send("HEAD /admin/schedules/.. HTTP/1.1")).toMatchObject({ status: 404, body: "" });
  });
});

it.each([
  "GET /admin/schedules?q=.. HTTP/1.1",
  "DELETE /admin/schedules/a%2fb HTTP/1.1",
  "GET /admin/schedules?q=%c3%a9%20+100%&tag=%E6%97%A5 HTTP/1.1",
  "OPTIONS /admin/schedules HTTP/1.1",
  "GET /login HTTP/1.1\r\nNext-Router-State-Tree: %5B%22%22%2C%7B%7D%5D",
])("%s reaches Next.js", async (lines) => {
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
])("the target %s with an origin reaches Next.js as %s", async (target, path) => {
  expect(await send(`GET ${target} HTTP/1.1`)).toMatchObject({ status: 200, body: `reached GET ${path}` });
});

describe("a key that sends more requests than its limit", () => {
  const ask = (path: string, key: string) => send(`GET ${path} HTTP/1.1\r\nAuthorization: Bearer ${key}`);

  it("gets 429 with Retry-After and the rate limit headers, even at addresses without a resource", async () => {
    const paths = ["/admin/schedules", "/api/trpc/schedules.list", "/admin/schedules/%2e%2e", "/api/v1/x"];
    const answers = [];
    for (const path of paths) answers.push(await ask(path, "eager"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 429]);
    expect(answers[0]?.head).toMatch(/^ratelimit: "key";r=2;t=10, "address";r=\d+;t=\d+\r?$/im);
    expect(answers[2]?.head).toMatch(/^ratelimit: "key";r=0;t=10, /im);
    const refused = answers[3];
    expect(refused?.head).toMatch(/^retry-after: \d+\r?$/im);
    expect(refused?.head).toMatch(/^ratelimit-policy: "key";q=3;w=10, "address";q=60;w=10\r?$/im);
    expect(refused?.body).toContain('"code":"rate_limited"');
    expect((await ask("/admin/schedules", "patient")).status).toBe(200);
  });

  it("still gets pages", async () => {
    for (let i = 0; i < 5; i += 1) expect((await ask("/login", "eager")).status).toBe(200);
  });
});
