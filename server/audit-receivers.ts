import { hostname } from "node:os";
import { createSyslogReceiver } from "./adapters/audit-stream/syslog";
import { createWebhookReceiver } from "./adapters/audit-stream/webhook";
import { type Env, EnvError } from "./env";
import type { AuditReceiver } from "./ports/audit-receiver";
import { readCertificates } from "./tls-files";

/** The default port: that of syslog over TLS (RFC 5425), also used without TLS. */
const SYSLOG_PORT = 6514;

/**
 * Creates the receivers of the audit trail. Throws `EnvError` for an incomplete set of variables or an unreadable file.
 */
export function auditReceivers(source: Env): AuditReceiver[] {
  const { AUDIT_WEBHOOK_URL: url, AUDIT_WEBHOOK_SECRET: secret } = source;
  const { AUDIT_SYSLOG_URL: syslog, AUDIT_SYSLOG_CA_FILE: ca } = source;
  if ((url === undefined) !== (secret === undefined)) {
    throw new EnvError(["AUDIT_WEBHOOK_URL and AUDIT_WEBHOOK_SECRET must be set together"]);
  }
  if (ca !== undefined && !syslog?.startsWith("tls:")) {
    throw new EnvError(["AUDIT_SYSLOG_URL must begin with tls:// if AUDIT_SYSLOG_CA_FILE is set"]);
  }
  const receivers: AuditReceiver[] = [];
  if (url !== undefined && secret !== undefined) receivers.push(createWebhookReceiver({ url, secret }));
  if (syslog !== undefined) {
    const { hostname: host, port, protocol } = new URL(syslog);
    const tls = protocol === "tls:" ? { ca: readCertificates("AUDIT_SYSLOG", { ca }).ca } : null;
    const address = { host: host.replace(/^\[|\]$/g, ""), port: port === "" ? SYSLOG_PORT : Number(port), tls };
    receivers.push(createSyslogReceiver(address, hostname()));
  }
  return receivers;
}
