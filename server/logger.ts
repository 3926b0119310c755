import { type Logger, pino, stdSerializers } from "pino";

/**
 * The process's logger: JSON lines on standard output, secrets cut. No transports: they need worker threads that Next
 * does not bundle.
 */
export function createLogger(input: { name: string; level: string }): Logger {
  return pino({
    name: input.name,
    level: input.level,
    // Without it an Error under this name is logged without its message.
    serializers: { error: stdSerializers.err },
    redact: ["password", "*.password", "authorization", "*.authorization", "cookie", "*.cookie"],
  });
}
