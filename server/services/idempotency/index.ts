export { decodeAnswer, encodeAnswer, type Kept } from "./answer";
export { IdempotencyKey, KEEP_MS, type Keyed, keyedRequest } from "./key";
export { once } from "./once";
