import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerLongHeads } from "./long-head";
import { API_POLICY, SECURITY_HEADERS } from "./security-headers";

let server: Server;
beforeAll(async () => {
  answerLongHeads();
  server = createServer((request, response) => response.end(`reached ${request.url?.length}`));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.close();
});

async function send(head: string): Promise<{ head: string; body: string }> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write(`${head}\r\nHost: a.example\r\nConnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += chunk;
  const [answered = "", body = ""] = text.split("\r\n\r\n");
  return { head: answered, body };
}

it.each([
  ["an address", `GET /admin/schedules?q=${"x".repeat(20_000)} HTTP/1.1`],
  ["headers", `GET /admin/schedules HTTP/1.1\r\nX-Long: ${"x".repeat(20_000)}`],
])("%s that Node cannot take gets a problem document", async (_, request) => {
  const { head, body } = await send(request);
  expect(head).toMatch(/^HTTP\/1\.1 431 /);
  expect(head).toMatch(/^content-type: application\/problem\+json\r?$/im);
  expect(head).toMatch(/^x-content-type-options: nosniff\r?$/im);
  expect(JSON.parse(body)).toMatchObject({
    ...{ status: 431, code: "head_too_large", instance: "/admin/schedules", max_bytes: 16_384 },
    request_id: expect.stringMatching(/./),
  });
});

it("a problem document about a path of more than 1,000 characters has the instance /", async () => {
  const { body } = await send(`GET /${"x".repeat(20_000)} HTTP/1.1`);
  expect(JSON.parse(body)).toMatchObject({ code: "head_too_large", instance: "/" });
});

it("a problem document has the security headers of every answer, except Strict-Transport-Security", async () => {
  const { head } = await send(`GET /admin/schedules?q=${"x".repeat(20_000)} HTTP/1.1`);
  const sent = head.split("\r\n").map((line) => line.toLowerCase());
  const expected = [...SECURITY_HEADERS, ["content-security-policy", API_POLICY] as const];
  expect(sent).toEqual(expect.arrayContaining(expected.map(([name, value]) => `${name}: ${value}`.toLowerCase())));
  expect(head).not.toMatch(/^strict-transport-security:/im);
});

it("other requests that Node cannot parse get its own answer", async () => {
  expect(await send("GET / HTTP/1.1\r\nBad Header")).toEqual({
    head: "HTTP/1.1 400 Bad Request\r\nConnection: close",
    body: "",
  });
});

it("a request within the limit is answered", async () => {
  expect((await send(`GET /${"x".repeat(15_000)} HTTP/1.1`)).body).toContain("reached 15001");
});
