import type { components } from "./schema.js";

export type Problem = components["schemas"]["Problem"];
/** A fault of one field of the request. `field` is dotted if it is nested. */
export interface FieldFault {
  field: string;
  message: string;
  expected?: string;
}

/**
 * The stable code of an error. The client's own codes are `connection` and `timeout` for no answer, `timeout` also for
 * `waitForExecution`, and `unexpected_answer` for an answer that is not the API's, such as that of a proxy.
 */
export type ErrorCode = Problem["code"] | "connection" | "timeout" | "unexpected_answer";

/** A failed call. `message` is for people, `code` for programs. */
export class SchedulesError extends Error {
  readonly code: ErrorCode;
  /** The HTTP status; null without an answer. */
  readonly status: number | null;
  readonly faults: readonly FieldFault[];
  /** The id of the request in the log of the server. */
  readonly requestId: string | null;
  /** The whole answer, with members that only some codes have, such as `current_version`. */
  readonly problem: Readonly<Record<string, unknown>> | null;

  constructor(input: {
    code: ErrorCode;
    message: string;
    status?: number;
    problem?: Record<string, unknown>;
    cause?: unknown;
  }) {
    super(input.message, { cause: input.cause });
    this.name = "SchedulesError";
    this.code = input.code;
    this.status = input.status ?? null;
    this.problem = input.problem ?? null;
    const { errors, request_id } = input.problem ?? {};
    this.faults = Array.isArray(errors) ? errors : [];
    this.requestId = typeof request_id === "string" ? request_id : null;
  }
}

/** The error of an answer that is not a success, or lacks the expected body. */
export function errorOf({ status }: Response, body: unknown): SchedulesError {
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  const problem = isObject ? (body as Record<string, unknown>) : undefined;
  const { code, detail } = problem ?? {};
  return new SchedulesError({
    // A gateway's JSON may have a `code` of another kind.
    code: typeof code === "string" ? (code as ErrorCode) : "unexpected_answer",
    message: typeof detail === "string" ? detail : `The server answered ${status} without an explanation.`,
    status,
    problem,
  });
}
