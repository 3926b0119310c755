import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { verifyWebhook } from "../src/webhook.js";

const KEY = "0123456789abcdef";
const SECRET = `whsec_${Buffer.from(KEY).toString("base64")}`;
const BODY = '{"verb":"schedule.pause"}';
const NOW = 1_800_000_000;
const SIGNED = `v1,${createHmac("sha256", KEY).update(`msg_1.${NOW}.${BODY}`).digest("base64")}`;

const verify = (signature: string, over: { body?: string; nowSeconds?: number } = {}) =>
  verifyWebhook({
    body: BODY,
    headers: { "webhook-id": "msg_1", "webhook-timestamp": String(NOW), "webhook-signature": signature },
    secret: SECRET,
    nowSeconds: NOW,
    ...over,
  });

it("accepts a valid signature, but not after five minutes or with another body", async () => {
  expect(await verify(SIGNED)).toBe(true);
  expect(await verify(SIGNED, { nowSeconds: NOW + 301 })).toBe(false);
  expect(await verify(SIGNED, { body: `${BODY} ` })).toBe(false);
});

it.each(["", "v1", "v1,", "v1,%%%", "v1,AAAA", "v1a,AAAA"])(
  "refuses the signature %j, and accepts a valid one after it",
  async (malformed) => {
    expect(await verify(malformed)).toBe(false);
    expect(await verify(`${malformed} ${SIGNED}`)).toBe(true);
  },
);
