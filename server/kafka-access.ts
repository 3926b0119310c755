import type { KafkaAccess, TokenSource } from "./adapters/kafka/security";
import { type Env, EnvError } from "./env";
import { readCertificates } from "./tls-files";

/**
 * How the environment says that Kafka is reached. Throws `EnvError` for what is missing, contradicts itself or cannot
 * be read.
 */
export function kafkaAccess(given: Env): KafkaAccess {
  const files = { ca: given.KAFKA_SSL_CA_FILE, cert: given.KAFKA_SSL_CERT_FILE, key: given.KAFKA_SSL_KEY_FILE };
  const [part] = Object.entries(files).find(([, path]) => path !== undefined) ?? [];
  if (part && !given.KAFKA_SSL)
    throw new EnvError([`KAFKA_SSL must be true where KAFKA_SSL_${part.toUpperCase()}_FILE is given`]);
  if ((files.cert === undefined) !== (files.key === undefined)) {
    throw new EnvError(["KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE must be given together"]);
  }
  return { tls: given.KAFKA_SSL ? readCertificates("KAFKA_SSL", files) : null, sasl: saslOf(given) };
}

function saslOf(given: Env): KafkaAccess["sasl"] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = given;
  if (mechanism === undefined) {
    if (username === undefined && password === undefined) return null;
    throw new EnvError(["KAFKA_SASL_MECHANISM is required where KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD is given"]);
  }
  if (mechanism === "OAUTHBEARER") return { mechanism, token: tokenSource(given) };
  if (username === undefined || password === undefined) {
    throw new EnvError([
      `KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are required for KAFKA_SASL_MECHANISM ${mechanism}`,
    ]);
  }
  return { mechanism, username, password };
}

function tokenSource(given: Env): TokenSource {
  const { KAFKA_SASL_TOKEN_COMMAND: command, KAFKA_SASL_TOKEN_URL: url } = given;
  if (command !== undefined && url === undefined) return { command };
  if (url === undefined || command !== undefined) {
    const both = "KAFKA_SASL_TOKEN_COMMAND or KAFKA_SASL_TOKEN_URL";
    throw new EnvError([`${both}: exactly one of them is required for KAFKA_SASL_MECHANISM OAUTHBEARER`]);
  }
  const { KAFKA_SASL_USERNAME: clientId, KAFKA_SASL_PASSWORD: clientSecret, KAFKA_SASL_SCOPE: scope } = given;
  return { url, clientId, clientSecret, scope };
}
