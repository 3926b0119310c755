import type { KafkaAccess, TokenSource } from "./adapters/kafka/security";
import { type Env, EnvError } from "./env";
import { readCertificates } from "./tls-files";

/**
 * The connection options of Kafka. Throws `EnvError` for missing or contradictory variables and unreadable files.
 */
export function kafkaAccess(source: Env): KafkaAccess {
  const files = { ca: source.KAFKA_SSL_CA_FILE, cert: source.KAFKA_SSL_CERT_FILE, key: source.KAFKA_SSL_KEY_FILE };
  const [part] = Object.entries(files).find(([, path]) => path !== undefined) ?? [];
  if (part && !source.KAFKA_SSL)
    throw new EnvError([`KAFKA_SSL must be true if KAFKA_SSL_${part.toUpperCase()}_FILE is set`]);
  if ((files.cert === undefined) !== (files.key === undefined)) {
    throw new EnvError(["KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE must be set together"]);
  }
  return { tls: source.KAFKA_SSL ? readCertificates("KAFKA_SSL", files) : null, sasl: saslOf(source) };
}

function saslOf(source: Env): KafkaAccess["sasl"] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = source;
  if (mechanism === undefined) {
    if (username === undefined && password === undefined) return null;
    throw new EnvError(["KAFKA_SASL_MECHANISM is required with KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD"]);
  }
  if (mechanism === "OAUTHBEARER") return { mechanism, token: tokenSource(source) };
  if (username === undefined || password === undefined) {
    throw new EnvError([
      `KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are required for KAFKA_SASL_MECHANISM ${mechanism}`,
    ]);
  }
  return { mechanism, username, password };
}

function tokenSource(source: Env): TokenSource {
  const { KAFKA_SASL_TOKEN_COMMAND: command, KAFKA_SASL_TOKEN_URL: url } = source;
  if (command !== undefined && url === undefined) return { command };
  if (url === undefined || command !== undefined) {
    const alternatives = "KAFKA_SASL_TOKEN_COMMAND or KAFKA_SASL_TOKEN_URL";
    throw new EnvError([`${alternatives}: exactly one is required for KAFKA_SASL_MECHANISM OAUTHBEARER`]);
  }
  const { KAFKA_SASL_USERNAME: clientId, KAFKA_SASL_PASSWORD: clientSecret, KAFKA_SASL_SCOPE: scope } = source;
  return { url, clientId, clientSecret, scope };
}
