import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { AuditReceiver, AuditStreamEntry } from "~/server/ports/audit-receiver";
import { entryText } from "./webhook";

const CONNECT_MS = 10_000;
const WRITE_MS = 10_000;
/** "Log audit" (RFC 5424, table 1). */
const FACILITY = 13;
const SEVERITY = { warning: 4, informational: 6 } as const;
const APP_NAME = "stufio-schedules";
const MESSAGE_ID = "audit";

export interface SyslogAddress {
  host: string;
  port: number;
  /** TLS with these options; null for plain TCP. */
  tls: { ca?: string } | null;
}

/**
 * Sends each entry as an RFC 5424 message over TCP or TLS, with its length in front (RFC 6587, RFC 5425). Syslog has no
 * acknowledgement: if a connection breaks, entries may be missing, and the sequence numbers show the gap. The
 * maintained libraries for Node support only UDP or the older RFC 3164.
 *
 * @param hostname the name of this host, for the header of each message
 */
export function createSyslogReceiver(address: SyslogAddress, hostname: string): AuditReceiver {
  let socket: Promise<Socket> | null = null;

  async function connected(): Promise<Socket> {
    const known = await socket?.catch(() => null);
    if (known?.writable) return known;
    socket = open(address);
    return socket;
  }

  return {
    name: "syslog",
    async send(entries) {
      const open = await connected();
      const frames = entries.map((entry) => frame(messageOf(entry, hostname))).join("");
      try {
        await written(open, frames);
      } catch (error) {
        open.destroy();
        throw error;
      }
    },
    async close() {
      const open = await socket?.catch(() => null);
      socket = null;
      if (!open || open.destroyed) return;
      await new Promise<void>((resolve) => open.end(resolve));
      open.destroy();
    },
  };
}

function open({ host, port, tls }: SyslogAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // A server name in TLS must not be an IP address (RFC 6066).
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = tls === null ? connectTcp({ host, port }) : connectTls({ host, port, ...name, ...tls });
    const fail = (error: Error) => {
      socket.destroy();
      reject(new Error(`Could not connect to the syslog server ${host}:${port}: ${error.message}`, { cause: error }));
    };
    socket.setTimeout(CONNECT_MS, () => fail(new Error(`no answer in ${CONNECT_MS} ms`)));
    socket.once("error", fail);
    socket.once(tls === null ? "connect" : "secureConnect", () => {
      socket.setTimeout(0);
      socket.off("error", fail);
      // The next `send` opens another connection.
      socket.on("error", () => socket.destroy());
      socket.on("end", () => socket.destroy());
      // Node reports the end of a connection only if the data is read.
      socket.resume();
      resolve(socket);
    });
  });
}

function written(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`The syslog server did not take the entries: ${reason}`));
    const timer = setTimeout(() => fail(`sending took longer than ${WRITE_MS} ms`), WRITE_MS);
    const onClose = () => finish(() => fail("the connection was closed"));
    function finish(then: () => void): void {
      clearTimeout(timer);
      socket.off("close", onClose);
      then();
    }
    socket.once("close", onClose);
    socket.write(text, (error) => finish(() => (error ? fail(error.message) : resolve())));
  });
}

const frame = (message: string) => `${Buffer.byteLength(message)} ${message}`;

/** An RFC 5424 message with JSON text and no structured data. @internal */
export function messageOf(entry: AuditStreamEntry, hostname: string): string {
  const severity = entry.result === "succeeded" ? SEVERITY.informational : SEVERITY.warning;
  const time = new Date(entry.atMs).toISOString();
  return `<${FACILITY * 8 + severity}>1 ${time} ${hostname} ${APP_NAME} - ${MESSAGE_ID} - ${entryText(entry)}`;
}
