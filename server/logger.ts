import { type Logger, pino, stdSerializers } from "pino";
import { withoutSnippet } from "./domain/data-fault";
import { secretsOf } from "./env";

/** A shorter secret could also be an ordinary word. */
const MIN_SECRET_LENGTH = 8;
/** API keys of this product, HTTP credentials and passwords in URLs. */
const CREDENTIALS =
  /\b(stufio_live_|sfs_)[\w-]{16,}|\b(Bearer |Basic )[\w.~+/=-]{8,}|(:\/\/[^\s/:@"]*:)[^\s/@"]+(?=@)/g;

/**
 * A function that redacts a log line: the given secrets, also if they are encoded as JSON or for a URL, and everything
 * that looks like a credential.
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
    return withoutSnippet(withoutKnown).replace(
      CREDENTIALS,
      (_, key = "", scheme = "", user = "") => `${key}${scheme}${user}[redacted]`,
    );
  };
}

/** Created when the first line is logged, because a build has no environment. */
let redact: ((line: string) => string) | null = null;

/**
 * Creates a logger that writes JSON lines to standard output and redacts secrets. It uses no transports, because they
 * need worker threads, which Next does not bundle.
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
