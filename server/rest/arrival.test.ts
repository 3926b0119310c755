import { once } from "node:events";
import { createServer, get, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseRanges } from "~/server/addresses";
import { clientIp } from "~/server/services/access/request-facts";
import { watchArrivals } from "./arrival";

let server: Server;
let url: string;

beforeAll(async () => {
  watchArrivals({ trusted: parseRanges("127.0.0.1"), isDevelopment: false, silenceMs: 200 });
  server = createServer(async (request, response) => {
    // Reads all there is, as the handlers do.
    try {
      await request.forEach(() => {});
    } catch {
      return;
    }
    if (request.url === "/proxy") {
      return response.end(JSON.stringify([request.headers["x-forwarded-host"], request.headers["x-forwarded-proto"]]));
    }
    response.statusCode = Number(request.url?.slice(1));
    response.end(String(clientIp(new Headers(request.headers as Record<string, string>))));
  });
  server.listen(0);
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

it("tells handlers the caller's address, whatever the caller says", async () => {
  const ask = async (headers: Record<string, string>) => (await fetch(`${url}/200`, { headers })).text();
  expect(await ask({})).toBe("127.0.0.1");
  expect(await ask({ "x-stufio-address": "6.6.6.6", "x-real-ip": "6.6.6.6", forwarded: "for=6.6.6.6" })).toBe(
    "127.0.0.1",
  );
  expect(await ask({ "x-forwarded-for": "6.6.6.6, 198.51.100.7" })).toBe("198.51.100.7");
  expect(await ask({ "x-forwarded-for": "x".repeat(14_000) })).toBe("127.0.0.1");
});

it.each([
  ["a trusted proxy", "127.0.0.1", ["a.example", "https"]],
  ["anybody else", "127.0.0.2", [null, null]],
])("tells handlers the host and the scheme that %s names", async (_, localAddress, expected) => {
  const headers = { "x-forwarded-host": "a.example", "x-forwarded-proto": "https" };
  const [response] = await once(get(`${url}/proxy`, { headers, localAddress }), "response");
  expect(JSON.parse((await response.toArray()).join(""))).toEqual(expected);
});

it.each([200, 404, 422, 500])("puts the security headers on an answer of %s", async (status) => {
  const response = await fetch(`${url}/${status}`);
  expect(response.status).toBe(status);
  const shown = Object.fromEntries(response.headers);
  expect(shown).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": expect.stringContaining("camera=()"),
  });
  const policy = shown["content-security-policy"];
  for (const rule of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
    expect(policy).toContain(rule);
  }
  expect(policy).not.toContain("unsafe-eval");
});

async function sendParts(parts: readonly string[]): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write(`POST /200 HTTP/1.1\r\nHost: a\r\nContent-Length: ${parts.length}\r\nConnection: close\r\n\r\n`);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  const closed = once(socket, "close");
  for (const part of parts) {
    socket.write(part);
    await pause(100);
  }
  await closed;
  return answer;
}

it("ends a request whose body stops, and not one whose body is slow", async () => {
  expect(await sendParts(["a", ""])).toMatch(/^HTTP\/1.1 408 /);
  expect(await sendParts([..."abcdefgh"])).toMatch(/^HTTP\/1.1 200 /);
});

it("gives a request two minutes to arrive", () => {
  expect(server.requestTimeout).toBe(120_000);
  expect(server.headersTimeout).toBe(20_000);
});
