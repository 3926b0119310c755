import { describe, expect, it } from "vitest";
import { EventMessage, encodeEventMessage, messageKey, RESERVED_HEADERS } from "./event-message";
import { type HeaderPair, headerPairs } from "./message-headers";

type Input = Parameters<typeof encodeEventMessage>[0];

const OCCURRENCE: Input["occurrence"] = {
  eventId: "00000000-0000-5000-8000-000000000001",
  executionId: "00000000-0000-5000-8000-000000000001",
  scheduledForMs: Date.parse("2026-06-01T08:00:00Z"),
  attempt: 2,
  timestampMs: Date.parse("2026-06-01T08:00:00.120Z"),
};

const SCHEDULE: Input["schedule"] = {
  scheduleId: "s-1",
  topic: "user.notifications",
  entityType: "user",
  entityId: "123",
  action: "send_reminder",
  actorType: "system",
  actorId: "scheduler",
  payload: '{"n": 1.0, "big": 12345678901234567890}',
  rawValue: false,
  headers: {},
  correlationId: "reminder-123",
};

const encode = (schedule: Partial<Input["schedule"]> = {}) =>
  encodeEventMessage({ schedule: { ...SCHEDULE, ...schedule }, occurrence: OCCURRENCE });

describe("the published message", () => {
  it("is an EventMessage with the occurrence's id and the attempt's time", () => {
    const { value } = encode();
    expect(EventMessage.parse(JSON.parse(value))).toMatchObject({
      event_id: OCCURRENCE.eventId,
      correlation_id: "reminder-123",
      timestamp: "2026-06-01T08:00:00.120Z",
      entity: { type: "user", id: "123" },
      action: "send_reminder",
      actor: { type: "system", id: "scheduler" },
    });
  });

  it("carries the payload's text unchanged", () => {
    expect(encode().value).toContain('"payload":{"n": 1.0, "big": 12345678901234567890}');
  });

  it("has the headers of the contract", () => {
    expect(encode().headers).toEqual({
      correlation_id: "reminder-123",
      entity_type: "user",
      action: "send_reminder",
      event_id: OCCURRENCE.eventId,
      schedule_id: "s-1",
      execution_id: OCCURRENCE.executionId,
      scheduled_for: "2026-06-01T08:00:00.000Z",
      attempt: "2",
    });
  });

  it("adds the schedule's headers, except headers that the scheduler sets", () => {
    const { headers } = encode({ headers: { trace: "t", event_id: "forged", Event_ID: "forged", ATTEMPT: "9" } });
    expect(headers).toMatchObject({ trace: "t", event_id: OCCURRENCE.eventId, attempt: "2" });
    expect(Object.values(headers)).not.toContain("forged");
    expect(Object.keys(headers)).toHaveLength(RESERVED_HEADERS.length + 1);
  });

  it("keeps a list of headers in its order, and appends the scheduler's headers", () => {
    const sent: HeaderPair[] = [
      ["x-dup", "first"],
      ["Event_ID", "forged"],
      ["x-bytes", "//4AgAE=", "base64"],
      ["x-dup", "second"],
    ];
    const headers = headerPairs(encode({ headers: sent }).headers);
    expect(headers.slice(0, 3)).toEqual([sent[0], sent[2], sent[3]]);
    expect(headers.slice(3)).toContainEqual(["event_id", OCCURRENCE.eventId]);
    expect(headers).toHaveLength(RESERVED_HEADERS.length + 3);
  });

  it("has the unchanged value of a delayed message", () => {
    const payload = '{ "anything" : "at all" }';
    expect(encode({ rawValue: true, payload }).value).toBe(payload);
  });

  it.each([
    [{ entityType: "user", entityId: "123" }, "user.123"],
    [{ entityType: "user", entityId: null }, "user"],
    [{ entityType: "", entityId: null }, null],
  ])("of %o has the key %s", (entity, key) => {
    expect(messageKey(entity)).toBe(key);
    expect(encode(entity).key).toBe(key);
  });
});
