import type { KafkaConnection } from "./client";
import { readKafkaError } from "./errors";

const UNTRUSTED = /self.signed|unable to (verify|get)|certificate signature failure/i;
const OTHER_NAME = /Hostname\/IP does not match|altnames/i;
const NO_TLS = /wrong version number|packet length too long|record layer failure|before secure TLS connection/i;
const CLOSED =
  /closed connection|socket hang up|ECONNRESET|disconnected before secure|timed out|unexpected EOF|Request ApiVersions/i;

/**
 * Describes a connection error in one line: what failed and, if the error reveals it, the variable at fault and the
 * remedy. Contains addresses, never passwords or tokens.
 */
export function adviseOnKafka(error: unknown, connection: Pick<KafkaConnection, "brokers" | "security">): string {
  const message = readKafkaError(error).message.replace(/\s+/g, " ").trim();
  const advice = adviceFor(message, error, connection);
  return `${connection.brokers.join(", ")}: ${message}${advice === null ? "" : `. ${advice}`}`;
}

function adviceFor(message: string, error: unknown, { security }: Pick<KafkaConnection, "security">): string | null {
  const isTls = security?.ssl !== undefined;
  if (UNTRUSTED.test(message)) {
    return "KAFKA_SSL_CA_FILE: name the PEM file of the authority that signed the broker's certificate";
  }
  if (/certificate has expired/i.test(message)) return "Renew the broker's certificate";
  if (OTHER_NAME.test(message)) return "KAFKA_BROKERS: use a name that is in the broker's certificate";
  if (/alert (number|certificate|bad certificate|handshake)/i.test(message)) {
    return "KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE: the broker may require a client certificate that it trusts";
  }
  if (isTls && NO_TLS.test(message))
    return "KAFKA_SSL: this listener does not use TLS; use its TLS port, or set KAFKA_SSL=false";
  if (/mechanism/i.test(message) && /support/i.test(message))
    return "KAFKA_SASL_MECHANISM: choose a mechanism that this listener supports";
  if (isRefusedLogin(error, message))
    return "KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD, or the OAuth token: the broker rejected the login";
  if (!CLOSED.test(message)) return null;
  if (!isTls) return "KAFKA_SSL: if this listener uses TLS, set KAFKA_SSL=true";
  return security?.sasl === undefined ? "KAFKA_SASL_MECHANISM: set a mechanism if this listener requires SASL" : null;
}

function isRefusedLogin(error: unknown, message: string): boolean {
  const name = error instanceof Error ? error.name : "";
  return (
    name === "KafkaJSSASLAuthenticationError" ||
    /SASL .*authentication failed|SASL_AUTHENTICATION_FAILED/i.test(message)
  );
}
