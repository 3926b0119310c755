/** Maximum size of a payload schema, in bytes of its JSON text. */
export const MAX_SCHEMA_BYTES = 65_536;
/** Maximum number of topics with a payload schema, because every process keeps all schemas compiled. */
export const MAX_TOPIC_SCHEMAS = 100;

/** A difference between a payload and its topic's schema, such as `payload.items[2].sku` and `must be string`. */
export interface PayloadFault {
  path: string;
  message: string;
}

/**
 * The part of a delayed message's value that a topic's schema validates: the member `payload`, or the whole value if it
 * has no such member.
 */
export function payloadOfValue(value: unknown): unknown {
  return typeof value === "object" && value !== null && "payload" in value ? value.payload : value;
}
