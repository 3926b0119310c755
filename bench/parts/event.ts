/*
 * This file must not import the product. The product's Kafka adapter replaces the record encoder of kafkajs, and a
 * peer must use the original encoder.
 */

/** The payload of the README's TypeScript example. */
const PAYLOAD = { user_id: 123, message: "Don't forget!" };
export const TOPIC = "user.notifications";

/** The event that the product and the peer get, with the same fields and payload. */
export const eventOf = (dueMs: number) => ({
  topic: TOPIC,
  entityType: "user",
  action: "send_reminder",
  payload: { ...PAYLOAD, due: dueMs },
});
