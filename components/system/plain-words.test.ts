import { describe, expect, it } from "vitest";
import { inPlainWords, loopPurpose } from "./plain-words";

const SERVICES = ["redis", "clickhouse", "bus", "worker", "settings"] as const;

describe("inPlainWords", () => {
  it.each(SERVICES)("%s has a title and a consequence", (service) => {
    for (const severity of ["warning", "critical"] as const) {
      const { title, meaning } = inPlainWords({ service, severity, message: "x" });
      expect(title.length).toBeGreaterThan(0);
      expect(meaning).toMatch(/\.$/);
    }
  });

  it("does not call a lagging ClickHouse dead", () => {
    const title = (severity: "warning" | "critical") =>
      inPlainWords({ service: "clickhouse", severity, message: "x" }).title;
    expect([title("warning"), title("critical")]).toEqual(["ClickHouse is behind", "ClickHouse does not respond"]);
  });
});

describe("loopPurpose", () => {
  it.each([
    ["promote", "Moves long-term schedules to Redis before they are due"],
    ["record-0", "Writes changes and results to ClickHouse"],
    ["rescue-12", "Reclaims events whose worker died"],
    ["heartbeat", "Reports that this worker is alive"],
    ["of-tomorrow", ""],
  ])("%s", (name, purpose) => {
    expect(loopPurpose(name)).toBe(purpose);
  });
});
