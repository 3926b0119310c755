import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Below the ports of outgoing connections, one of which could take a free port before its server listens. */
const LISTENER_PORTS = { from: 20_000, to: 32_767 };
const MAX_TRIES = 100;

/** A free TCP port of `host`, chosen at random. Throws if the host cannot be used, or if a hundred ports are taken. */
export async function freePort(host = "127.0.0.1") {
  let cause;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = randomInt(LISTENER_PORTS.from, LISTENER_PORTS.to + 1);
    cause = await requireFreePort({ host, port }).then(
      () => null,
      (error) => error,
    );
    if (cause === null) return port;
  }
  throw new Error(`no port of ${host} from ${LISTENER_PORTS.from} to ${LISTENER_PORTS.to} could be used`, { cause });
}

/** `port` or the next free port above it; any free port if a hundred are taken. */
export async function firstFreePort(port, host = "127.0.0.1") {
  for (let candidate = port; candidate < Math.min(port + 100, 65_536); candidate += 1) {
    const isFree = await requireFreePort({ host, port: candidate }).then(
      () => true,
      () => false,
    );
    if (isFree) return candidate;
  }
  return freePort(host);
}

/** Throws if the port cannot be used. */
export async function requireFreePort({ host, port }) {
  await new Promise((done, fail) => {
    const server = createServer();
    server.once("error", (error) => {
      const reason =
        error.code === "EADDRINUSE"
          ? `Port ${port} of ${host} is in use by another program. Choose another: PORT=${port + 1} npm start`
          : `Cannot listen on ${host}:${port}: ${error.message}`;
      fail(new Error(reason));
    });
    server.listen({ port, host }, () => server.close(() => done()));
  });
}

/** Whether the Redis on this port of loopback answers PING and is not loading its data. */
export function answersPing({ port, password }) {
  const auth = password ? `AUTH ${password}\r\n` : "";
  return new Promise((done) => {
    let answer = "";
    const socket = connect({ port, host: "127.0.0.1" });
    socket.setTimeout(1000, () => socket.destroy());
    socket.once("connect", () => socket.write(`${auth}PING\r\nQUIT\r\n`));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.once("error", () => socket.destroy());
    socket.once("close", () => done(answer.includes("+PONG")));
  });
}

/** GET with a time limit of 5 s; null if there is no answer. */
export async function get(url, headers = {}) {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(5000) });
    return { status: response.status, text: await response.text() };
  } catch {
    return null;
  }
}

/** Polls every 200 ms until the answer is truthy; throws after `timeoutMs`. */
export async function until({ what, timeoutMs, ask }) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not ready after ${timeoutMs / 1000} s`);
    await pause(200);
  }
}
