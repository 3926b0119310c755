import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LoopStatus } from "./loop";

/** A loop without a tick for this long is considered hung. The slowest loop ticks once an hour. */
const HUNG_MS = 2 * 3_600_000;

/** The loops without a tick for too long. A loop without any tick counts from the start of the worker. */
export function hungLoops(input: { loops: LoopStatus[]; startedAt: string; nowMs: number }): LoopStatus[] {
  const { loops, startedAt, nowMs } = input;
  return loops.filter(({ lastTickAt }) => nowMs - Date.parse(lastTickAt ?? startedAt) > HUNG_MS);
}

/** Serves `GET /`: 200 while every loop ticks, otherwise 503, with the state of each loop. */
export async function startLiveness(input: {
  port: number;
  host: string;
  startedAt: string;
  loops: () => LoopStatus[];
}): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((_request, response) => {
    const loops = input.loops();
    const hung = hungLoops({ loops, startedAt: input.startedAt, nowMs: Date.now() });
    response.writeHead(hung.length > 0 ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ status: hung.length > 0 ? "hung" : "alive", loops }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(input.port, input.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${input.host}:${port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
