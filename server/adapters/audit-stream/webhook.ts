import { createHmac } from "node:crypto";
import type { AuditSink, SunkEntry } from "~/server/ports/audit-sink";

const TIMEOUT_MS = 10_000;
/** Characters of an answer's body in an error. */
const MAX_ANSWER_CHARS = 200;

/**
 * Posts entries as `{"entries":[{"chain","seq","hash","entry"}]}`, signed as Standard Webhooks specifies: the header
 * `webhook-signature` has `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. `webhook-id` is the same each
 * time that entries are sent again. Any status but 2xx is a failure, redirects included.
 */
export function createWebhookSink(input: { url: string; secret: string }): AuditSink {
  const key = input.secret.startsWith("whsec_") ? Buffer.from(input.secret.slice(6), "base64") : input.secret;
  return {
    name: "webhook",
    async send(entries, nowMs) {
      const id = idOf(entries);
      const timestamp = String(Math.floor(nowMs / 1000));
      const body = `{"entries":[${entries.map(entryText).join(",")}]}`;
      const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
      const response = await fetch(input.url, {
        method: "POST",
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          "content-type": "application/json",
          "user-agent": "stufio-schedules",
          "webhook-id": id,
          "webhook-timestamp": timestamp,
          "webhook-signature": `v1,${signature}`,
        },
      }).catch((error: unknown) => {
        throw new Error(`The audit webhook did not answer: ${causeOf(error)}`, { cause: error });
      });
      const answer = await response.text().catch(() => "");
      if (response.ok) return;
      throw new Error(`The audit webhook answered ${response.status}: ${answer.slice(0, MAX_ANSWER_CHARS)}`);
    },
    async close() {},
  };
}

const idOf = (entries: readonly SunkEntry[]) => `audit-${entries[0]?.chain}-${entries[0]?.seq}-${entries.at(-1)?.seq}`;

/** An entry with its place in the chain, as JSON. The entry's own text is not changed. */
export function entryText({ chain, seq, hash, json }: SunkEntry): string {
  return `{"chain":${chain},"seq":${seq},"hash":"${hash}","entry":${json}}`;
}

/** `fetch` hides the reason, such as a refused connection, in the cause. */
function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
