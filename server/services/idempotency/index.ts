export { decodeAnswer, encodeAnswer, type StoredAnswer } from "./answer";
export { doneAnswer, wasDone } from "./done";
export { IdempotencyKey, KEY_RETENTION_MS, type KeyedRequest, keyedRequest, SecretIdempotencyKey } from "./key";
export { once } from "./once";
