import { once } from "node:events";
import { createServer, get, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseRanges } from "~/server/addresses";
import { clientIp } from "~/server/services/access/request-headers";
import { watchArrivals } from "./arrival";
import { NONCE_HEADER, transportSecurity } from "./security-headers";

let server: Server;
let url: string;

beforeAll(async () => {
  watchArrivals({ trusted: parseRanges("127.0.0.1"), isDevelopment: false, silenceMs: 200 });
  server = createServer(async (request, response) => {
    try {
      await request.forEach(() => {});
    } catch {
      return;
    }
    if (request.url === "/nonce") {
      return response.end(JSON.stringify([request.headers["content-security-policy"], request.headers[NONCE_HEADER]]));
    }
    if (request.url === "/proxy") {
      return response.end(JSON.stringify([request.headers["x-forwarded-host"], request.headers["x-forwarded-proto"]]));
    }
    response.statusCode = Number(request.url?.slice(1)) || 404;
    response.end(String(clientIp(new Headers(request.headers as Record<string, string>))));
  });
  server.listen(0);
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

it("takes the caller's address from a trusted proxy's X-Forwarded-For or the connection, and from no other header", async () => {
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
])("of the host and the scheme that %s (%s) reports, handlers see %j", async (_, localAddress, expected) => {
  const headers = { "x-forwarded-host": "a.example", "x-forwarded-proto": "https" };
  const [response] = await once(get(`${url}/proxy`, { headers, localAddress }), "response");
  expect(JSON.parse((await response.toArray()).join(""))).toEqual(expected);
});

it.each([200, 404, 422, 500])("sets the security headers on a response with status %s", async (status) => {
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

it.each([
  ["https", "127.0.0.1", "max-age=31536000; includeSubDomains"],
  ["https, http", "127.0.0.1", "max-age=31536000; includeSubDomains"],
  ["http", "127.0.0.1", undefined],
  ["https", "127.0.0.2", undefined],
])(
  "X-Forwarded-Proto %s from %s results in the Strict-Transport-Security %s",
  async (proto, localAddress, expected) => {
    const [response] = await once(
      get(`${url}/200`, { headers: { "x-forwarded-proto": proto }, localAddress }),
      "response",
    );
    expect(response.resume().headers["strict-transport-security"]).toBe(expected);
  },
);

it("omits subdomains from Strict-Transport-Security if they may use HTTP", () => {
  expect(transportSecurity({ subdomains: false })).toBe("max-age=31536000");
});

const rulesOf = (policy: string | null) =>
  Object.fromEntries((policy ?? "").split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]));

it("gives each page a new nonce for scripts and styles, and ignores a nonce of the caller", async () => {
  const sent = { "content-security-policy": "script-src 'nonce-forged'", [NONCE_HEADER]: "forged" };
  const nonces = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const response = await fetch(`${url}/nonce`, { headers: sent });
      const policy = response.headers.get("content-security-policy");
      const [seenPolicy, nonce] = (await response.json()) as string[];
      expect(seenPolicy).toBe(policy);
      expect(rulesOf(policy)).toMatchObject({
        "script-src": ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'"],
        "style-src": ["'self'", `'nonce-${nonce}'`],
      });
      expect(nonce).toMatch(/^[\w+/]{22}==$/);
      return nonce;
    }),
  );
  expect(new Set(nonces).size).toBe(20);
});

it.each(["/admin/schedules", "/api/trpc/a.b?x=1", "/api"])(
  "sets a policy without allowed sources at the API address %s",
  async (path) => {
    const response = await fetch(`${url}${path}`).catch(() => null);
    expect(rulesOf(response?.headers.get("content-security-policy") ?? "")).toMatchObject({
      "default-src": ["'none'"],
      "frame-ancestors": ["'none'"],
    });
  },
);

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

it("ends a request whose body stalls, but not a request whose body is slow", async () => {
  const stalled = await sendParts(["a", ""]);
  expect(stalled).toMatch(/^HTTP\/1.1 408 /);
  expect(stalled).toContain("\r\nx-content-type-options: nosniff\r\n");
  expect(await sendParts([..."abcdefgh"])).toMatch(/^HTTP\/1.1 200 /);
});

it("allows a request two minutes to arrive, and its head 20 seconds", () => {
  expect(server.requestTimeout).toBe(120_000);
  expect(server.headersTimeout).toBe(20_000);
});
