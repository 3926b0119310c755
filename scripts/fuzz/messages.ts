import fc from "fast-check";
import { anyText, hostileJson } from "./texts";

/** A message of the delayed topic. */
export interface Message {
  key: Buffer | null;
  value: Buffer;
  headers: readonly (readonly [name: string, value: Buffer])[];
  /** Only on Kafka, epoch ms. */
  timestampMs: number;
  /**
   * Only on Redis Streams. `invalid_json`: the headers are not JSON. `list`: the headers are a list. `no_value`: the
   * entry has only a key. `foreign_field`: the entry has only an unknown field.
   */
  entry: "valid" | "invalid_json" | "no_value" | "foreign_field" | "list";
}

const bytes = fc.oneof(
  { weight: 3, arbitrary: anyText.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 24 }).map((list) => Buffer.from(list)) },
);
const TOPICS = ["fuzz.delayed", "fuzz.delayed", "fuzz.delayed", "fuzz.a", "", "..", "a b", "x".repeat(250)];
const HEADERS = [
  "priority",
  "max_delay_seconds",
  "correlation_id",
  "action",
  "entity_type",
  "entity_id",
  "event_id",
].concat(["__proto__", "", "1", "delay_ms", "traceparent", "schedule_id", "scheduled_for"]);

const value = fc.oneof(
  {
    weight: 30,
    arbitrary: hostileJson.map((json) =>
      Buffer.from(`{"event_id":${json},"entity":{"type":"fuzz"},"payload":${json}}`),
    ),
  },
  {
    weight: 40,
    arbitrary: fc.uuid().map((id) => Buffer.from(`{"event_id":"${id}","action":"deliver","payload":{"n":1.0}}`)),
  },
  { weight: 10, arbitrary: bytes },
  { weight: 10, arbitrary: hostileJson.map((json) => Buffer.from(json)) },
  { weight: 2, arbitrary: fc.constant(Buffer.from(`{"large":"${"x".repeat(300_000)}"}`)) },
  // Near the size limit of a Kafka broker, which counts the key and the headers too.
  { weight: 1, arbitrary: fc.constant(Buffer.from(`{"large":"${"x".repeat(1_047_000)}"}`)) },
);

/** Messages, some of them valid, mostly due during the run. */
export function messages(nowMs: number): fc.Arbitrary<Message> {
  const time = fc.oneof(
    { weight: 10, arbitrary: fc.integer({ min: -5000, max: 40_000 }).map((ms) => String(nowMs + ms)) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 40_000 }).map((ms) => new Date(nowMs + ms).toISOString()) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        "-1",
        "0",
        "-62135596800000",
        "1e400",
        "NaN",
        "",
        "9999-12-31T23:59:59Z",
        "1790000000000000000",
        "253402300800000",
        "٣",
      ),
    },
    { weight: 1, arbitrary: anyText },
  );
  const required = fc
    .tuple(time, fc.constantFrom(...TOPICS))
    .map(([when, topic]) => [
      ["delivery_time", Buffer.from(when)] as const,
      ["original_topic", Buffer.from(topic)] as const,
    ]);
  const optional = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...HEADERS), anyText.map(wellFormed)), bytes), {
    maxLength: 4,
  });
  return fc.record({
    key: fc.option(bytes, { freq: 3 }),
    value,
    // A few messages have neither delivery time nor topic.
    headers: fc
      .tuple(required, optional, fc.nat(20))
      .map(([first, rest, draw]) => (draw === 0 ? rest : [...first, ...rest])),
    timestampMs: fc.oneof(
      { weight: 10, arbitrary: fc.constant(nowMs) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, -5, Date.UTC(10_000, 0), Number.MAX_SAFE_INTEGER) },
    ),
    entry: fc.oneof(
      { weight: 15, arbitrary: fc.constant("valid" as const) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(...(["invalid_json", "no_value", "foreign_field", "list"] as const)),
      },
    ),
  });
}

const wellFormed = (text: string) => text.replace(/\p{Cs}/gu, "?");
