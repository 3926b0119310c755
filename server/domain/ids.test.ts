import fc from "fast-check";
import { v5 } from "uuid";
import { describe, expect, it } from "vitest";
import { eventId, manualKey, occurrenceKey, replayedKey, replayKey, sourceScheduleId } from "./ids";

const NAMESPACE = "6f1d4f0e-6a0f-5d43-9a52-0d5c3b1c7e11";

describe("deterministic ids", () => {
  it("equal the UUID v5 of the uuid package for any name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
        expect(eventId(name)).toBe(v5(name, NAMESPACE));
      }),
    );
  });

  it("differ by source", () => {
    expect(sourceScheduleId("kafka_delayed", "a")).toBe(v5("kafka_delayed:a", NAMESPACE));
    expect(sourceScheduleId("idempotency", "a")).not.toBe(sourceScheduleId("kafka_delayed", "a"));
  });
});

describe("replayedKey", () => {
  it.each([
    ["a planned occurrence", occurrenceKey("id", 7)],
    ["a manual run", manualKey("id", "run")],
  ])("is the key of %s for its replay and for a replay of that replay", (_, key) => {
    expect(replayedKey(key)).toBeNull();
    expect(replayedKey(replayKey(key, 1))).toBe(key);
    expect(replayedKey(replayKey(replayKey(key, 1), 12))).toBe(key);
  });
});
