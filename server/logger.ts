import { type Logger, pino, stdSerializers } from "pino";

/**
 * Creates the process's logger: JSON lines on standard output, with secrets redacted. No transports, because they need
 * worker threads that Next does not bundle.
 */
export function createLogger(input: { name: string; level: string }): Logger {
  return pino({
    name: input.name,
    level: input.level,
    // Without the serializer, pino logs an `error` field without its message.
    serializers: { error: stdSerializers.err },
    redact: ["password", "*.password", "authorization", "*.authorization", "cookie", "*.cookie"],
  });
}
