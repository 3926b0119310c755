import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LoopStatus } from "./loop";

/** A loop without a tick for this long is considered hung. The slowest loop ticks once an hour. */
const HUNG_MS = 2 * 3_600_000;

/** Serves `GET /`: 200 while every loop ticks, otherwise 503, with the state of each loop. */
export async function startLiveness(input: {
  port: number;
  host: string;
  loops: () => LoopStatus[];
}): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((_request, response) => {
    const loops = input.loops();
    const hung = loops.filter((loop) => loop.lastTickAt !== null && Date.now() - Date.parse(loop.lastTickAt) > HUNG_MS);
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
