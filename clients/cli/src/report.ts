import { SchedulesError } from "@stufio/schedules-client";
import { CliError, EXIT, type ExitCode } from "./exit.js";
import { fieldLines } from "./output/table.js";
import { json, type Paint, printable } from "./output/text.js";

interface Failure {
  exitCode: ExitCode;
  code: string;
  message: string;
  faults: SchedulesError["faults"];
  requestId: string | null;
  hint: string | null;
}

const UNREACHABLE = new Set([429, 502, 503, 504]);

export function exitCodeOf(error: SchedulesError): ExitCode {
  const { status } = error;
  if (status === null) return error.code === "timeout" || error.code === "connection" ? EXIT.unreachable : EXIT.failure;
  if (status === 401 || status === 403) return EXIT.refused;
  if (status === 404) return EXIT.notFound;
  return UNREACHABLE.has(status) ? EXIT.unreachable : EXIT.failure;
}

export function failureOf(error: unknown): Failure {
  const none = { faults: [], requestId: null, hint: null };
  if (error instanceof SchedulesError) {
    const { code, faults, requestId } = error;
    const reason = causeOf(error);
    const message = reason === null ? error.message : `${error.message} ${reason}`;
    return { exitCode: exitCodeOf(error), code, message, faults, requestId, hint: hintOf(error) };
  }
  if (error instanceof CliError) {
    const code = error.exitCode === EXIT.usage ? "usage" : "failed";
    return { ...none, exitCode: error.exitCode, code, message: error.message, hint: error.hint };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { ...none, exitCode: EXIT.failure, code: "failed", message };
}

/** The reason of the operating system, such as ECONNREFUSED. */
function causeOf({ cause }: Error): string | null {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = (inner as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? `(${code})` : null;
}

function hintOf(error: SchedulesError): string | null {
  if (error.code === "unauthenticated")
    return "The API key is unknown, expired or revoked, or its owner is disabled or deleted.";
  const required = error.problem?.required;
  if (error.code === "forbidden" && typeof required === "string") return `The API key needs: ${required}`;
  if (error.code === "connection") return "Check the address with: profile show";
  return null;
}

/** Writes an error: for people, or as one line of JSON. */
export function reportFailure(failure: Failure, how: { isJson: boolean; paint: Paint }): string {
  const { code, message, faults, requestId, hint } = failure;
  if (how.isJson) return `${json({ error: { code, message, errors: faults, request_id: requestId, hint } })}\n`;
  const lines = [`${how.paint("red", "error:")} ${printable(message)}`];
  const fields = faults.map(({ field, message: fault, expected }) => {
    return [field, expected === undefined ? fault : `${fault} (expected: ${expected})`] as const;
  });
  lines.push(...fieldLines(fields, how.paint).map((line) => `  ${line}`));
  if (code !== "usage" && code !== "failed") {
    const request = requestId === null ? "" : `, request ${requestId}`;
    lines.push(how.paint("dim", `  (${code}${request})`));
  }
  if (hint !== null) lines.push(printable(hint));
  return `${lines.join("\n")}\n`;
}
