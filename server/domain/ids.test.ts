import fc from "fast-check";
import { v5 } from "uuid";
import { describe, expect, it } from "vitest";
import { eventId, sourceScheduleId } from "./ids";

const NAMESPACE = "6f1d4f0e-6a0f-5d43-9a52-0d5c3b1c7e11";

describe("deterministic ids", () => {
  it("are what the library's UUID v5 gives, whatever the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
        expect(eventId(name)).toBe(v5(name, NAMESPACE));
      }),
    );
  });

  it("tell the sources apart", () => {
    expect(sourceScheduleId("kafka_delayed", "a")).toBe(v5("kafka_delayed:a", NAMESPACE));
    expect(sourceScheduleId("idempotency", "a")).not.toBe(sourceScheduleId("kafka_delayed", "a"));
  });
});
