import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
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

/** A connection that stays open for writing after the server has ended its side. */
const open = () => connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });

/** What the server sends until both sides have ended. Rejects if the connection is reset. */
function answersOn(socket: Socket): Promise<string> {
  return new Promise((done, fail) => {
    let text = "";
    socket.on("data", (chunk) => (text += chunk));
    socket.on("error", fail);
    socket.on("close", () => done(text));
  });
}

async function send(head: string): Promise<{ head: string; body: string }> {
  const socket = open();
  socket.end(`${head}\r\nHost: a.example\r\nConnection: close\r\n\r\n`);
  const [answered = "", body = ""] = (await answersOn(socket)).split("\r\n\r\n");
  return { head: answered, body };
}

const statusesOf = (answers: string) => [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);

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
    detail: expect.stringMatching(/larger than 16384 bytes\. Shorten the address.*headers and cookies\.$/),
  });
});

it("headers that arrive in many parts get one answer, which the client can read", async () => {
  const socket = open();
  const answers = answersOn(socket);
  socket.write("GET /a HTTP/1.1\r\nHost: a.example\r\nX-Long: ");
  for (let sent = 0; sent < 20; sent++) {
    socket.write("x".repeat(20_000));
    // The server runs in this process and reads the part now.
    await setImmediate();
  }
  socket.end("\r\n\r\n");
  expect(statusesOf(await answers)).toEqual(["431"]);
});

it("the second request on a connection gets the problem document, and the third no answer", async () => {
  const socket = open();
  const answers = answersOn(socket);
  socket.write("GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n");
  await once(socket, "data");
  socket.write(`GET /a?q=${"x".repeat(20_000)} HTTP/1.1\r\nHost: a.example\r\n\r\n`);
  await once(socket, "data");
  socket.end("GET /b HTTP/1.1\r\nHost: a.example\r\n\r\n");
  expect(statusesOf(await answers)).toEqual(["200", "431"]);
});

it("the connection is closed even if the client does not end it", async () => {
  const connected = once(server, "connection") as Promise<[Socket]>;
  const socket = open();
  const [served] = await connected;
  const answers = answersOn(socket);
  socket.write(`GET /${"x".repeat(20_000)}`);
  await once(served, "close");
  socket.end();
  expect(statusesOf(await answers)).toEqual(["431"]);
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

it("other requests that Node cannot parse get Node's own answer", async () => {
  expect(await send("GET / HTTP/1.1\r\nBad Header")).toEqual({
    head: "HTTP/1.1 400 Bad Request\r\nConnection: close",
    body: "",
  });
});

it("a request within the limit is answered", async () => {
  expect((await send(`GET /${"x".repeat(15_000)} HTTP/1.1`)).body).toContain("reached 15001");
});
