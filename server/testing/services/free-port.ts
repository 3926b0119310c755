import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports of outgoing connections, one of which could take a free port before its server listens. */
const LISTENER_PORTS = { from: 20_000, to: 32_767 };

/** A free TCP port on loopback, chosen at random. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LISTENER_PORTS.from, LISTENER_PORTS.to + 1);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
