import type { ErrorClass } from "~/server/domain/choices";
import type { PublishFailure } from "~/server/domain/publish-failure";
import { RequestTimeoutError } from "~/server/timing/request-timeout";

/** Errors of a message that the broker would refuse again. */
const BAD_PAYLOAD = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_TOPIC_EXCEPTION",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
  "UNSUPPORTED_FOR_MESSAGE_FORMAT",
]);
const NO_CONNECTION = new Set([
  "KafkaJSConnectionError",
  "KafkaJSConnectionClosedError",
  "KafkaJSRequestTimeoutError",
  "KafkaJSBrokerNotFound",
  "KafkaJSLockTimeout",
  "KafkaJSTimeout",
  "KafkaJSSASLAuthenticationError",
  RequestTimeoutError.name,
]);
/** Errors of a whole batch for which a single record may be the reason. */
const OF_ONE_RECORD = new Set(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_RECORD", "INVALID_TIMESTAMP"]);
const TOPIC_NOT_READY = new Set(["UNKNOWN_TOPIC_OR_PARTITION", "LEADER_NOT_AVAILABLE", "NOT_LEADER_FOR_PARTITION"]);

export interface KafkaFault extends PublishFailure {
  /** A single record may be the reason, so half of the batch may succeed. */
  ofOneRecord: boolean;
  /** The topic's metadata must be fetched again: the topic is new, moved or deleted, or its leader is unreachable. */
  needsMetadata: boolean;
  /** A retry within this call may succeed. */
  transient: boolean;
}

/** Classifies an error of kafkajs, which wraps the cause in several "retries exceeded" errors. */
export function readKafkaError(error: unknown): KafkaFault {
  const cause = innermost(error);
  const type = textOf(cause, "type");
  const errorClass = classOf(cause, type);
  return {
    ok: false,
    errorClass,
    message: type ? `${type}: ${messageOf(cause)}` : messageOf(cause),
    retriable: errorClass !== "bad_payload",
    ofOneRecord: OF_ONE_RECORD.has(type),
    needsMetadata: TOPIC_NOT_READY.has(type) || errorClass === "broker_connection",
    transient: errorClass === "broker_connection" ? nameOf(cause) !== RequestTimeoutError.name : isTransient(cause),
  };
}

function classOf(cause: unknown, type: string): ErrorClass {
  if (BAD_PAYLOAD.has(type)) return "bad_payload";
  if (NO_CONNECTION.has(nameOf(cause)) || /^E[A-Z]+$/.test(textOf(cause, "code"))) return "broker_connection";
  return "publish";
}

/** kafkajs marks temporary errors. Other errors, such as a TypeError of this code, are permanent. */
function isTransient(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "retriable" in cause && cause.retriable === true;
}

function innermost(error: unknown): unknown {
  let current = error;
  // The limit only prevents an endless loop.
  for (let depth = 0; depth < 8; depth++) {
    const wrapped =
      nameOf(current) === "KafkaJSNumberOfRetriesExceeded" || nameOf(current) === "KafkaJSNonRetriableError";
    if (!wrapped || !(current instanceof Error) || !(current.cause instanceof Error)) return current;
    current = current.cause;
  }
  return current;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function textOf(error: unknown, field: "type" | "code"): string {
  const value = typeof error === "object" && error !== null ? (error as Record<string, unknown>)[field] : undefined;
  return typeof value === "string" ? value : "";
}
