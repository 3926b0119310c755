import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { fetchToken } from "./security";

it("a redirect of the token endpoint is refused, and its target does not receive the credentials", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(request.url === "/token" ? 307 : 200, { location: "/other" });
    response.end(JSON.stringify({ access_token: "x" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  await expect(fetchToken({ url, clientId: "id", clientSecret: "canary-secret" })).rejects.toThrow(
    /^KAFKA_SASL_TOKEN_URL \(127\.0\.0\.1:\d+\) cannot be reached: (?!.*canary)/,
  );
  expect(asked).toEqual(["POST /token"]);
  server.close();
});
