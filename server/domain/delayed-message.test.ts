import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDelayedMessage } from "./delayed-message";
import { messageKey } from "./event-message";
import type { HeaderPair, MessageHeaders } from "./message-headers";

const NOW = Date.parse("2026-06-01T12:00:00.000Z");
const SENT = NOW - 5000;
const IN_AN_HOUR = NOW + 3_600_000;
const EVENT = {
  event_id: "e-1",
  correlation_id: "reminder-123",
  timestamp: "2026-06-01T11:59:55Z",
  entity: { type: "user", id: "123" },
  action: "send_reminder",
  actor: { type: "user", id: "u-9" },
  payload: { message: "Don't forget!" },
};
const HEADERS = { original_topic: "user.notifications", delivery_time: String(IN_AN_HOUR) };

function parse(input: { headers?: MessageHeaders; value?: Buffer | unknown; maxSeconds?: number; prefixes?: string }) {
  const value = Buffer.isBuffer(input.value) ? input.value : Buffer.from(JSON.stringify(input.value ?? EVENT));
  return parseDelayedMessage({
    headers: input.headers ?? HEADERS,
    value,
    timestampMs: SENT,
    nowMs: NOW,
    limits: { maxDeliveryDelaySeconds: input.maxSeconds ?? 315_360_000, delayedTopicPrefixes: input.prefixes ?? "" },
  });
}

function accepted(input: Parameters<typeof parse>[0]) {
  const result = parse(input);
  if (!result.ok) throw new Error(`refused: ${result.reason}`);
  return result.message;
}

describe("when a delayed message is due", () => {
  const cases: [string, Record<string, string>, number][] = [
    ["an epoch above 1e11 is milliseconds", { delivery_time: String(IN_AN_HOUR) }, IN_AN_HOUR],
    ["a smaller epoch is seconds", { delivery_time: String(IN_AN_HOUR / 1000) }, IN_AN_HOUR],
    ["fractional seconds are kept to the millisecond", { delivery_time: `${IN_AN_HOUR / 1000}.25` }, IN_AN_HOUR + 250],
    ["fractional milliseconds are rounded", { delivery_time: `${IN_AN_HOUR}.6` }, IN_AN_HOUR + 1],
    ["an epoch in the first hours of 1970 is accepted as past", { delivery_time: "1000", delay_ms: "5" }, 1_000_000],
    ["spaces around a number are ignored", { delivery_time: ` ${IN_AN_HOUR} ` }, IN_AN_HOUR],
    ["ISO 8601 with Z", { delivery_time: "2026-06-01T13:00:00Z" }, IN_AN_HOUR],
    ["ISO 8601 with an offset", { delivery_time: "2026-06-01T15:00:00+02:00" }, IN_AN_HOUR],
    ["ISO 8601 with an offset without a colon", { delivery_time: "2026-06-01T18:30:00+0530" }, IN_AN_HOUR],
    ["ISO 8601 west of Greenwich", { delivery_time: "2026-06-01T09:00:00-04" }, IN_AN_HOUR],
    ["ISO 8601 without a zone is UTC", { delivery_time: "2026-06-01T13:00:00" }, IN_AN_HOUR],
    ["Python's microseconds", { delivery_time: "2026-06-01T13:00:00.123456" }, IN_AN_HOUR + 123],
    ["a space in the place of T", { delivery_time: "2026-06-01 13:00:00" }, IN_AN_HOUR],
    ["a bare date is its midnight in UTC", { delivery_time: "2026-06-02" }, Date.parse("2026-06-02T00:00:00Z")],
    ["a past time is accepted", { delivery_time: "2020-01-01T00:00:00Z" }, Date.parse("2020-01-01T00:00:00Z")],
    ["delay_ms counts from the message's own time", { delay_ms: "60000" }, SENT + 60_000],
    ["delivery_delay_ms counts from the message's own time too", { delivery_delay_ms: "60000" }, SENT + 60_000],
    ["delay_ms may be zero", { delay_ms: "0" }, SENT],
    ["delivery_time wins over a delay", { delivery_time: String(IN_AN_HOUR), delay_ms: "1" }, IN_AN_HOUR],
    ["an empty delivery_time counts as absent", { delivery_time: "", delay_ms: "1000" }, SENT + 1000],
  ];
  it.each(cases)("%s", (_, time, expected) => {
    expect(accepted({ headers: { original_topic: "t", ...time } }).deliveryTimeMs).toBe(expected);
  });

  it("reads an instant in milliseconds, in seconds and in ISO 8601 as the same time", () => {
    // In milliseconds, these instants are above 1e11; a smaller epoch is read as seconds.
    const seconds = fc.integer({ min: 100_000_001, max: Math.floor(NOW / 1000) + 300_000_000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const due = (text: string) => accepted({ headers: { ...HEADERS, delivery_time: text } }).deliveryTimeMs;
        expect(due(String(second * 1000))).toBe(second * 1000);
        expect(due(String(second))).toBe(second * 1000);
        expect(due(new Date(second * 1000).toISOString())).toBe(second * 1000);
      }),
    );
  });
});

describe("the topics to which delayed messages may schedule", () => {
  it.each([
    ["", "any.topic", true],
    ["user.", "user.notifications", true],
    ["billing., user.", "user.notifications", true],
    ["billing., users.", "user.notifications", false],
  ])("with the prefixes %j and the topic %s: %s", (prefixes, topic, isAccepted) => {
    const result = parse({ prefixes, headers: { ...HEADERS, original_topic: topic } });
    expect(result.ok).toBe(isAccepted);
    if (!result.ok) {
      expect(result).toMatchObject({ code: "topic_not_allowed", field: "original_topic" });
      expect(result.reason).toContain("DELAYED_TOPIC_PREFIXES");
    }
  });
});

describe("parseDelayedMessage", () => {
  it("takes the event's fields from the value", () => {
    expect(accepted({})).toMatchObject({
      originalTopic: "user.notifications",
      correlationId: "reminder-123",
      entityType: "user",
      entityId: "123",
      action: "send_reminder",
      actorType: "user",
      actorId: "u-9",
      priority: 1,
      maxDelaySeconds: 86_400,
      headers: {},
    });
  });

  it("takes from the headers what the value lacks", () => {
    const headers = { ...HEADERS, correlation_id: "c", entity_type: "order", action: "expire", trace: "t-1" };
    expect(accepted({ headers, value: { payload: 1 } })).toMatchObject({
      correlationId: "c",
      entityType: "order",
      entityId: null,
      action: "expire",
      actorType: "system",
      actorId: "scheduler",
      headers: { correlation_id: "c", entity_type: "order", action: "expire", trace: "t-1" },
    });
  });

  it("prefers the value to the headers", () => {
    const headers = { ...HEADERS, correlation_id: "other", entity_type: "other", action: "other" };
    const message = accepted({ headers });
    expect([message.correlationId, message.entityType, message.action]).toEqual([
      "reminder-123",
      "user",
      "send_reminder",
    ]);
  });

  it("keeps the value byte for byte", () => {
    const value = Buffer.from('{ "action":"a",\n\t"big": 12345678901234567890, "e": 1.0, "u": "\\u00e9é" }');
    expect(Buffer.from(accepted({ value }).text).equals(value)).toBe(true);
  });

  it("replaces an unpaired surrogate in extracted fields with U+FFFD, and keeps the value", () => {
    const text = String.raw`{"entity":{"type":"u\ud800","id":"\udc00"},"action":"a\ud800b","correlation_id":"\ud83d\ude00","x":"\ud800"}`;
    const message = accepted({ value: Buffer.from(text) });
    expect(message).toMatchObject({
      entityType: "u\ufffd",
      entityId: "\ufffd",
      action: "a\ufffdb",
      correlationId: "😀",
    });
    expect(message.text).toBe(text);
  });

  it("refuses a message that is due later than the stores support", () => {
    const delivery = { delivery_time: "2300-01-01T00:00:00Z" };
    const result = parse({ headers: { ...HEADERS, ...delivery }, maxSeconds: 1e12 });
    expect(result).toMatchObject({ ok: false, code: "delivery_time_invalid", field: "delivery_time" });
  });

  it("accepts a number as entity id, and treats an unknown actor type as system", () => {
    const value = { ...EVENT, entity: { type: "user", id: 123 }, actor: { type: "robot", id: 7 } };
    expect(accepted({ value })).toMatchObject({ entityId: "123", actorType: "system", actorId: "7" });
  });

  it.each([
    ["any JSON object", { hello: 1 }],
    ["an empty object", {}],
    ["an empty action", { action: "" }],
    ["no action", { action: null, entity: EVENT.entity }],
  ])("needs original_topic and delivery_time only: %s is delivered", (_, value) => {
    expect(accepted({ value })).toMatchObject({ originalTopic: "user.notifications", action: "deliver" });
  });

  it.each([
    ["1970670598291982290", "1970670598291982290"],
    ["-1970670598291982290", "-1970670598291982290"],
    ["9007199254740993", "9007199254740993"],
    ["9007199254740991", "9007199254740991"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["0.12345678901234567890", "0.12345678901234567890"],
    ["1E400", "1E400"],
    ["1.50", "1.50"],
    ["42", "42"],
  ])("keeps every digit of the numeric id %s", (number, id) => {
    const text = `{"event_id":${number},"correlation_id":${number},"entity":{"type":"u","id":${number}},"action":"a",
      "actor":{"type":"user","id":${number}},"payload":{"a":1,"a":2}}`;
    const message = accepted({ value: Buffer.from(text) });
    expect(message).toMatchObject({ correlationId: id, entityId: id, actorId: id, text });
    expect(messageKey({ entityType: message.entityType ?? "", entityId: message.entityId })).toBe(`u.${id}`);
  });

  it("keeps binary and repeated headers, without the delayed topic's own headers", () => {
    const list: HeaderPair[] = [
      ["original_topic", "t"],
      ["x-dup", "first"],
      ["delivery_time", String(IN_AN_HOUR)],
      ["x-bytes", "//4AgAE=", "base64"],
      ["x-dup", "second"],
    ];
    const message = accepted({ headers: list });
    expect(message.deliveryTimeMs).toBe(IN_AN_HOUR);
    expect(message.headers).toEqual([list[1], list[3], list[4]]);
  });

  it("reads priority and max_delay_seconds", () => {
    const headers = { ...HEADERS, priority: "9", max_delay_seconds: "60" };
    expect(accepted({ headers })).toMatchObject({ priority: 9, maxDelaySeconds: 60 });
  });

  it("accepts exactly the longest delay", () => {
    expect(parse({ maxSeconds: 3600 }).ok).toBe(true);
  });
});

describe("a bad delayed message is refused", () => {
  const without = (name: keyof typeof HEADERS) =>
    Object.fromEntries(Object.entries(HEADERS).filter(([n]) => n !== name));
  const cases: [string, Parameters<typeof parse>[0], string, string][] = [
    ["without a topic", { headers: without("original_topic") }, "original_topic_missing", "original_topic"],
    [
      "for an illegal topic",
      { headers: { ...HEADERS, original_topic: "no spaces" } },
      "original_topic_invalid",
      "original_topic",
    ],
    ["for the topic ..", { headers: { ...HEADERS, original_topic: ".." } }, "original_topic_invalid", "original_topic"],
    ["without a time", { headers: without("delivery_time") }, "delivery_time_missing", "delivery_time"],
    [
      "with a time in words",
      { headers: { ...HEADERS, delivery_time: "tomorrow" } },
      "delivery_time_invalid",
      "delivery_time",
    ],
    [
      "with a negative epoch",
      { headers: { ...HEADERS, delivery_time: "-5" } },
      "delivery_time_invalid",
      "delivery_time",
    ],
    ["with NaN", { headers: { ...HEADERS, delivery_time: "NaN" } }, "delivery_time_invalid", "delivery_time"],
    [
      "on 30 February",
      { headers: { ...HEADERS, delivery_time: "2027-02-30T00:00:00Z" } },
      "delivery_time_invalid",
      "delivery_time",
    ],
    [
      "at 25 o'clock",
      { headers: { ...HEADERS, delivery_time: "2027-02-01T25:00:00Z" } },
      "delivery_time_invalid",
      "delivery_time",
    ],
    [
      "with a bad delivery_time beside a good delay",
      { headers: { ...HEADERS, delivery_time: "soon", delay_ms: "5" } },
      "delivery_time_invalid",
      "delivery_time",
    ],
    [
      "with a negative delay",
      { headers: { original_topic: "t", delay_ms: "-1" } },
      "delivery_time_invalid",
      "delay_ms",
    ],
    ["beyond the longest delay", { maxSeconds: 3599 }, "delay_too_long", "delivery_time"],
    [
      "with microseconds instead of milliseconds",
      { headers: { ...HEADERS, delivery_time: `${NOW}000` } },
      "delay_too_long",
      "delivery_time",
    ],
    [
      "at 1e11, which is still seconds",
      { headers: { ...HEADERS, delivery_time: "100000000000" } },
      "delay_too_long",
      "delivery_time",
    ],
    ["with priority 10", { headers: { ...HEADERS, priority: "10" } }, "priority_invalid", "priority"],
    ["with a word for priority", { headers: { ...HEADERS, priority: "high" } }, "priority_invalid", "priority"],
    [
      "with a max delay of zero",
      { headers: { ...HEADERS, max_delay_seconds: "0" } },
      "max_delay_invalid",
      "max_delay_seconds",
    ],
    ["with bytes that are not UTF-8", { value: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }, "value_not_utf8", "value"],
    ["with half a JSON text", { value: Buffer.from('{"action": "a"') }, "value_not_json", "value"],
    ["with an empty value", { value: Buffer.alloc(0) }, "value_not_json", "value"],
    ["with a list for a value", { value: [1, 2] }, "event_invalid", "value"],
    ["with a string for an entity", { value: { ...EVENT, entity: "user.1" } }, "event_invalid", "entity"],
    [
      "above one MiB",
      { value: Buffer.from(JSON.stringify({ action: "a".repeat(1024 * 1024) })) },
      "value_too_large",
      "value",
    ],
  ];
  it.each(cases)("%s", (_, input, code, field) => {
    const result = parse(input);
    expect(result).toMatchObject({ ok: false, code, field });
    expect(result.ok ? "" : result.reason).not.toBe("");
  });
});
