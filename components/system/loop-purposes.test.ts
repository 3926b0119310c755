import { describe, expect, it } from "vitest";
import { loopPurpose } from "./loop-purposes";

describe("loopPurpose", () => {
  it.each([
    ["promote", "Moves long-term schedules to Redis before they are due"],
    ["record-0", "Writes changes and results to ClickHouse"],
    ["rescue-12", "Reclaims events whose worker died"],
    ["heartbeat", "Reports that this worker is alive"],
    ["unknown-loop", ""],
  ])("describes %s as %j", (name, purpose) => {
    expect(loopPurpose(name)).toBe(purpose);
  });
});
