/** Webhooks are signed as Standard Webhooks (https://www.standardwebhooks.com). Names are in lower case. */
export interface WebhookHeaders {
  "webhook-id"?: string;
  "webhook-timestamp"?: string;
  "webhook-signature"?: string;
}

/** The longest accepted distance of a timestamp from now, past or future. */
const TOLERANCE_SECONDS = 300;

/**
 * Verifies the signature of a webhook, such as one of the audit trail. `body` is the text as it was received. A
 * `secret` that begins with `whsec_` is base64; any other is used as it is. Returns false for a missing, malformed or
 * wrong signature, and for a timestamp more than five minutes from now. Rejects for a `secret` that is not base64 after
 * `whsec_`.
 */
export async function verifyWebhook(input: {
  body: string;
  headers: WebhookHeaders;
  secret: string;
  /** Epoch seconds. */
  nowSeconds?: number;
}): Promise<boolean> {
  const { body, headers, secret, nowSeconds = Date.now() / 1000 } = input;
  const { "webhook-id": id = "", "webhook-timestamp": timestamp = "", "webhook-signature": signatures = "" } = headers;
  if (!(Math.abs(nowSeconds - Number(timestamp)) <= TOLERANCE_SECONDS)) return false;
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", keyOf(secret), algorithm, false, ["verify"]);
  for (const signature of signatures.split(" ")) {
    const [version, value] = signature.split(",");
    const bytes = version === "v1" && value !== undefined ? bytesOrNull(value) : null;
    if (bytes !== null && (await crypto.subtle.verify("HMAC", key, bytes, content))) return true;
  }
  return false;
}

const keyOf = (secret: string) =>
  secret.startsWith("whsec_") ? bytesOf(secret.slice("whsec_".length)) : new TextEncoder().encode(secret);

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** Null for malformed base64. A sender may write anything into the header. */
function bytesOrNull(base64: string) {
  try {
    return bytesOf(base64);
  } catch {
    return null;
  }
}
