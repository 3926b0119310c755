import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createRetryingFetch } from "../src/retrying-fetch.js";

interface Answer {
  status: number;
  headers?: Record<string, string>;
}
/** The server closes the connection instead of answering. */
const LOST: Answer = { status: 0 };
const OK: Answer = { status: 200 };
const IN_PROGRESS = { status: 409, headers: { "retry-after": "0" } };
const KEYED = { "idempotency-key": "a" };

let stop: () => void = () => {};
afterEach(() => stop());

/** Sends a request to a server with these answers. Returns the last status or error code, and the attempt count. */
async function send(
  answers: readonly Answer[],
  init: RequestInit,
): Promise<[outcome: number | string, attempts: number]> {
  let attempts = 0;
  const answer: RequestListener = (request, response) => {
    const { status, headers } = answers[attempts] ?? OK;
    attempts += 1;
    if (status === 0) request.socket.destroy();
    else response.writeHead(status, headers).end();
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  stop = () => server.closeAllConnections();
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as AddressInfo;
  const send = createRetryingFetch({ retries: 2, timeoutMs: 5000, retryDelayMs: 1, fetch: globalThis.fetch });
  const outcome = await send(new Request(`http://127.0.0.1:${port}/`, init)).then(
    ({ status }) => status,
    (error: { code: string }) => error.code,
  );
  server.close();
  return [outcome, attempts];
}

it.each([429, 502, 503, 504])("repeats a read and a keyed change after a %i", async (status) => {
  expect(await send([{ status }], { method: "GET" })).toEqual([200, 2]);
  expect(await send([{ status }], { method: "POST", body: "{}", headers: KEYED })).toEqual([200, 2]);
});

it("repeats a read and a keyed change after a lost connection", async () => {
  expect(await send([LOST], { method: "GET" })).toEqual([200, 2]);
  expect(await send([LOST], { method: "POST", body: "{}", headers: KEYED })).toEqual([200, 2]);
});

it("repeats a 409 with Retry-After, and no other 409", async () => {
  expect(await send([IN_PROGRESS], { method: "DELETE", headers: KEYED })).toEqual([200, 2]);
  expect(await send([{ status: 409 }], { method: "DELETE", headers: KEYED })).toEqual([409, 1]);
});

it("repeats a change without a key only after a 429", async () => {
  const change = { method: "PATCH", body: "{}", headers: { "if-match": '"1"' } };
  expect(await send([{ status: 429 }], change)).toEqual([200, 2]);
  expect(await send([{ status: 503 }], change)).toEqual([503, 1]);
  expect(await send([IN_PROGRESS], change)).toEqual([409, 1]);
  expect(await send([LOST], change)).toEqual(["connection", 1]);
});

it("stops after `retries` repeats", async () => {
  expect(await send([LOST, LOST, LOST], { method: "GET" })).toEqual(["connection", 3]);
});
