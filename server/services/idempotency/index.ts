export { decodeAnswer, encodeAnswer, type StoredAnswer } from "./answer";
export { IdempotencyKey, KEY_RETENTION_MS, type KeyedRequest, keyedRequest } from "./key";
export { once } from "./once";
