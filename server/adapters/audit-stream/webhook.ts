import { createHmac } from "node:crypto";
import type { AuditReceiver, AuditStreamEntry } from "~/server/ports/audit-receiver";

const TIMEOUT_MS = 10_000;
/** Maximum number of characters of a response body in an error. */
const MAX_ANSWER_CHARS = 200;

/**
 * Posts entries as `{"entries":[{"chain","seq","hash","entry"}]}`, signed according to Standard Webhooks: the header
 * `webhook-signature` has `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. A repeated delivery has the
 * same `webhook-id`. Any status other than 2xx is a failure.
 */
export function createWebhookReceiver(input: { url: string; secret: string }): AuditReceiver {
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

const idOf = (entries: readonly AuditStreamEntry[]) =>
  `audit-${entries[0]?.chain}-${entries[0]?.seq}-${entries.at(-1)?.seq}`;

/** An entry with its place in the chain, as JSON that contains the unchanged text of the entry. */
export function entryText({ chain, seq, hash, json }: AuditStreamEntry): string {
  return `{"chain":${chain},"seq":${seq},"hash":"${hash}","entry":${json}}`;
}

/** The reason of a failed `fetch`, such as a refused connection, is in the error's cause. */
function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
