import type { ErrorClass } from "./choices";
import { headerPairs, type MessageHeaders } from "./message-headers";
import { TOPIC_PATTERN } from "./schedule";

export interface PublishFailure {
  ok: false;
  errorClass: ErrorClass;
  message: string;
  retriable: boolean;
}

/** Why a message can never be published by any broker; null if no reason is known. */
export function messageFault(message: {
  topic: string;
  key: string | Buffer | null;
  value: string | Buffer;
  headers: MessageHeaders;
}): PublishFailure | null {
  const { topic, key, value, headers } = message;
  if (!TOPIC_PATTERN.test(topic)) return badPayload(`"${String(topic).slice(0, 300)}" is not a valid topic name`);
  // Records of an older release may violate the types.
  if (typeof value !== "string" && !Buffer.isBuffer(value)) return badPayload("the value is neither text nor bytes");
  if (key !== null && typeof key !== "string" && !Buffer.isBuffer(key)) {
    return badPayload("the key is neither text nor bytes");
  }
  const invalid = headerPairs(headers).find(([, text]) => typeof text !== "string" && text !== null);
  return invalid ? badPayload(`the header ${invalid[0]} is not text`) : null;
}

function badPayload(message: string): PublishFailure {
  return { ok: false, errorClass: "bad_payload", message, retriable: false };
}
