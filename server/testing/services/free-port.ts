import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports of outgoing connections, one of which could take a free port before its server listens. */
const LISTENER_PORTS = { from: 20_000, to: 32_767 };

const MAX_TRIES = 100;

/** A free TCP port on loopback, chosen at random. Throws if a hundred ports are taken. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = randomInt(LISTENER_PORTS.from, LISTENER_PORTS.to + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port of loopback from ${LISTENER_PORTS.from} to ${LISTENER_PORTS.to}`);
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
