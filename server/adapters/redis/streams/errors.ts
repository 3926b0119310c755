import type { PublishFailure } from "~/server/domain/publish-failure";

/** Replies of a server that is there but cannot take commands now; the connection is as good as lost. */
const NOT_SERVING = /^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|NOAUTH|WRONGPASS)\b/;
/** Replies that mean: not now. No memory left, the disk is full, too few replicas. */
const REFUSED_FOR_NOW = /^(OOM|MISCONF|NOREPLICAS|BUSY)\b/;
/** Redis's error replies begin with a code; what does not is ioredis's own, about the connection. */
export function toPublishFailure(error: unknown): PublishFailure {
  const message = error instanceof Error ? error.message : String(error);
  const isReply = error instanceof Error && error.name === "ReplyError";
  // A key of another type or a missing right is the topic's fault, which somebody may mend before the last try.
  if (REFUSED_FOR_NOW.test(message) || (isReply && !NOT_SERVING.test(message)))
    return { ok: false, errorClass: "publish", message, retriable: true };
  return { ok: false, errorClass: "broker_connection", message, retriable: true };
}

/** Whether a read failed because the group, or the whole stream, is gone. */
export function isNoGroup(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOGROUP");
}
