import type { PublishFailure } from "~/server/domain/publish-failure";

/** Error replies of a server that cannot run commands now; treated as a lost connection. */
const NOT_SERVING = /^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|NOAUTH|WRONGPASS)\b/;
/** Error replies of a temporary refusal: out of memory, cannot persist, too few replicas, busy with a script. */
const REFUSED_FOR_NOW = /^(OOM|MISCONF|NOREPLICAS|BUSY)\b/;
const WRONG_TYPE = /^WRONGTYPE\b/;

/** The error of a topic whose stream's name is taken by a key of another type. */
export const notAStream = (key: string) =>
  `The key ${key} in Redis is not a stream, so the topic cannot be published to. Rename or delete the key.`;

/**
 * Classifies a publish error. `key` is the topic's stream. An error that is not a reply of Redis, such as a timeout,
 * counts as a lost connection.
 */
export function toPublishFailure(error: unknown, key?: string): PublishFailure {
  const message = error instanceof Error ? error.message : String(error);
  const isReply = error instanceof Error && error.name === "ReplyError";
  if (key !== undefined && WRONG_TYPE.test(message))
    return { ok: false, errorClass: "publish", message: notAStream(key), retriable: true };
  // A key of another type or a missing right can be fixed before the last retry.
  if (REFUSED_FOR_NOW.test(message) || (isReply && !NOT_SERVING.test(message)))
    return { ok: false, errorClass: "publish", message, retriable: true };
  return { ok: false, errorClass: "broker_connection", message, retriable: true };
}

export function isNoGroup(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOGROUP");
}
