/*
 * This file must not import the product: its Kafka adapter replaces the record encoder of kafkajs, but the peer must
 * use the original encoder.
 */

const PAYLOAD = { user_id: 123, message: "Don't forget!" };
export const TOPIC = "user.notifications";

/** The event for the product and the peer. */
export const eventOf = (dueMs: number) => ({
  topic: TOPIC,
  entityType: "user",
  action: "send_reminder",
  payload: { ...PAYLOAD, due: dueMs },
});
