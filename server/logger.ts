import { type Logger, pino, stdSerializers } from "pino";
import { withoutSnippet } from "./domain/data-fault";
import { secretsOf } from "./env";

/** Shorter values could be part of ordinary text, such as a password `schedule`. */
const MIN_SECRET_LENGTH = 8;
/** API keys of this product and credentials of HTTP, wherever a message quotes them. */
const CREDENTIALS =
  /\b(stufio_live_|sfs_)[\w-]{16,}|\b(Bearer |Basic )[\w.~+/=-]{8,}|(:\/\/[^\s/:@"]*:)[^\s/@"]+(?=@)/g;

/**
 * A function that replaces the given secrets, as they are, as JSON and as part of a URL, and everything that looks like
 * a credential.
 */
function redaction(secrets: readonly string[]): (line: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .sort((left, right) => right.length - left.length);
  const escaped = [...new Set(forms)].map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const known = escaped.length > 0 ? new RegExp(escaped.join("|"), "g") : null;
  return (line) => {
    const withoutKnown = known ? line.replace(known, "[redacted]") : line;
    // A line is JSON, so quotes in it are escaped.
    return withoutSnippet(withoutKnown).replace(
      CREDENTIALS,
      (_, key = "", scheme = "", user = "") => `${key}${scheme}${user}[redacted]`,
    );
  };
}

/** Made by the first line that is logged, because a build has no environment. */
let redact: ((line: string) => string) | null = null;

/**
 * Creates a logger: JSON lines on standard output. The secrets of the environment, fields that carry secrets and
 * everything that looks like a credential are redacted. No transports, because they need worker threads that Next does
 * not bundle.
 */
export function createLogger(input: { name: string; level?: string }): Logger {
  return pino({
    name: input.name,
    level: input.level ?? "info",
    // Without the serializer, pino logs an `error` field without its message.
    serializers: { error: stdSerializers.err },
    redact: ["password", "*.password", "authorization", "*.authorization", "cookie", "*.cookie"],
    hooks: {
      streamWrite: (line) => {
        redact ??= redaction(secretsOf(process.env));
        return redact(line);
      },
    },
  });
}
