import { describe, expect, it } from "vitest";
import { attentionOf } from "./attention";

type Input = Parameters<typeof attentionOf>[0];

const NONE = { total: 0, totalIsExact: true };
const HEALTHY: NonNullable<Input["health"]> = {
  status: "healthy",
  reasons: [],
  services: [{ name: "redis", ok: true, detail: "", latencyMs: 1 }],
  capabilities: [],
  checkedAt: "2026-11-29T03:00:00.000Z",
};
const NO_PROBLEMS: Input = { health: HEALTHY, overdue: NONE, failing: NONE, deadLetters: NONE, unreachable: [] };

describe("attentionOf", () => {
  it("lists nothing if everything is known and nothing is wrong", () => {
    expect(attentionOf(NO_PROBLEMS)).toEqual({ items: [], unknown: [] });
  });

  it("lists critical problems first, each with its next action", () => {
    const { items } = attentionOf({
      health: {
        ...HEALTHY,
        reasons: [
          { code: "quarantine_waits", service: "worker", severity: "warning", message: "2 items wait" },
          { code: "no_worker", service: "worker", severity: "critical", message: "No worker is alive: nothing fires." },
        ],
      },
      overdue: { total: 1, totalIsExact: true },
      failing: { total: 3, totalIsExact: true },
      deadLetters: { total: 1000, totalIsExact: false },
      unreachable: [],
    });
    expect(items.map(({ state, title, action }) => [state, title, action.href])).toEqual([
      ["critical", "No worker is alive", "/system#workers"],
      ["critical", "1 schedule is overdue", "/schedules?tab=overdue"],
      ["warning", "Unreadable data needs a decision", "/system#quarantine"],
      ["warning", "3 schedules are failing", "/schedules?tab=failing"],
      ["warning", "1,000+ dead letters need a decision", "/dead-letters"],
    ]);
  });

  it("lists a degraded installation whose reasons the caller does not get", () => {
    const { items } = attentionOf({ ...NO_PROBLEMS, health: { ...HEALTHY, status: "degraded" } });
    expect(items).toMatchObject([{ id: "degraded", state: "critical" }]);
  });

  it("lists failed checks as unknown instead of as healthy", () => {
    expect(attentionOf({ ...NO_PROBLEMS, failing: undefined, deadLetters: undefined })).toEqual({
      items: [],
      unknown: ["failing schedules", "dead letters"],
    });
    expect(attentionOf({ ...NO_PROBLEMS, unreachable: ["redis"] }).unknown).toEqual(["health"]);
    expect(attentionOf({ ...NO_PROBLEMS, unreachable: ["network"] }).unknown).toContain("health");
  });
});
