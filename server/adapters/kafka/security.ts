import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { KafkaConfig, SASLOptions } from "kafkajs";
import { z } from "zod";

export interface KafkaAccess {
  /** PEM texts; without `ca`, Node's own list of authorities is trusted. Null: no TLS. */
  tls: { ca?: string; cert?: string; key?: string } | null;
  /** Null: no login. */
  sasl:
    | { mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512"; username: string; password: string }
    | { mechanism: "OAUTHBEARER"; token: TokenSource }
    | null;
}

/**
 * The source of tokens: the output of a command, or an OAuth 2.0 token endpoint with client credentials (RFC 6749,
 * 4.4). If the client id is set, id and secret are sent in a Basic `Authorization` header.
 */
export type TokenSource =
  | { command: string }
  | { url: string; clientId?: string; clientSecret?: string; scope?: string };

/** Timeout of the command, or of the request to the endpoint. */
const TOKEN_TIMEOUT_MS = 10_000;
const TokenAnswer = z.object({ access_token: z.string().min(1) });

/** The options in the format of kafkajs. kafkajs fetches a token for each connection and before a session expires. */
export function kafkaSecurity(access: KafkaAccess): Pick<KafkaConfig, "ssl" | "sasl"> {
  const { tls, sasl } = access;
  return { ...(tls && { ssl: tls }), ...(sasl && { sasl: saslOptions(sasl) }) };
}

function saslOptions(sasl: NonNullable<KafkaAccess["sasl"]>): SASLOptions {
  if (sasl.mechanism === "OAUTHBEARER") {
    return { mechanism: "oauthbearer", oauthBearerProvider: async () => ({ value: await fetchToken(sasl.token) }) };
  }
  const { username, password } = sasl;
  if (sasl.mechanism === "PLAIN") return { mechanism: "plain", username, password };
  const mechanism = sasl.mechanism === "SCRAM-SHA-256" ? "scram-sha-256" : "scram-sha-512";
  return { mechanism, username, password };
}

/** Fetches a token. Throws an error that names the variable and contains no secret. */
export async function fetchToken(source: TokenSource): Promise<string> {
  return "command" in source ? tokenOfCommand(source.command) : tokenOfUrl(source);
}

async function tokenOfCommand(command: string): Promise<string> {
  const fail = (why: string) => new Error(`KAFKA_SASL_TOKEN_COMMAND ${why}`);
  const { stdout } = await promisify(execFile)("/bin/sh", ["-c", command], { timeout: TOKEN_TIMEOUT_MS }).catch(
    (error: { code?: unknown; killed?: boolean }) => {
      throw fail(error.killed ? `did not end within ${TOKEN_TIMEOUT_MS} ms` : `exited with code ${error.code}`);
    },
  );
  const token = stdout.trim();
  if (token === "") throw fail("printed no token");
  return token;
}

async function tokenOfUrl(source: Extract<TokenSource, { url: string }>): Promise<string> {
  const { url, clientId, clientSecret, scope } = source;
  const fail = (why: string) => new Error(`KAFKA_SASL_TOKEN_URL (${new URL(url).host}) ${why}`);
  const form = new URLSearchParams({ grant_type: "client_credentials", ...(scope && { scope }) });
  // RFC 6749, 2.3.1: id and secret are encoded before they are joined, because an id may contain a colon.
  const basic = [clientId ?? "", clientSecret ?? ""].map(encodeURIComponent).join(":");
  const response = await fetch(url, {
    method: "POST",
    body: form,
    // The credentials must go only to the configured address.
    redirect: "error",
    headers: clientId === undefined ? {} : { authorization: `Basic ${Buffer.from(basic).toString("base64")}` },
    signal: AbortSignal.timeout(TOKEN_TIMEOUT_MS),
  }).catch((error: Error & { cause?: Error }) => {
    throw fail(`cannot be reached: ${error.cause?.message ?? error.message}`);
  });
  if (!response.ok) throw fail(`responded with status ${response.status}`);
  const answer = TokenAnswer.safeParse(await response.json().catch(() => null));
  if (!answer.success) throw fail("responded without an access_token");
  return answer.data.access_token;
}
