import { describe, expect, it } from "vitest";
import { markdownTable, replaceBetweenMarkers } from "./table";

const row = {
  id: 1,
  name: "Burst",
  unit: "events/s",
  peer: "BullMQ",
  target: "≥ 4 × peer",
  measured: {
    ours: 40_123.4,
    peer: 10_000,
    ratio: 4.01234,
    met: true,
    runs: { ours: [], peer: [] },
    notes: ["a | b"],
  },
};

describe("the benchmark table", () => {
  it("has one line for each row, with ratio and verdict", () => {
    const second = { ...row, id: 2, name: "Second burst" };
    const lines = markdownTable([row, second], { machine: "2 cores", date: "2026-11-26" }).split("\n");
    const figures = "40,123 events/s | BullMQ: 10,000 | 4.01 | ≥ 4 × peer | yes";
    expect(lines.slice(-3)).toEqual([
      "|---|---|---|---|---|---|---|",
      `| 1 | Burst<br><sub>a \\| b</sub> | ${figures} |`,
      `| 2 | Second burst<br><sub>a \\| b</sub> | ${figures} |`,
    ]);
  });

  it("shows a missing peer and a target that is not met", () => {
    const measured = { ...row.measured, peer: null, ratio: null, met: false, notes: [] };
    const lines = markdownTable([{ ...row, measured }], { machine: "2 cores", date: "2026-11-26" }).split("\n");
    expect(lines.at(-1)).toBe("| 1 | Burst | 40,123 events/s | – | – | ≥ 4 × peer | **no** |");
  });

  it("replaces only the text between the marker lines", () => {
    const text = "a\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nb\n";
    const replaced = replaceBetweenMarkers(text, "new");
    expect(replaced).toBe("a\n<!-- bench: begin -->\n\nnew\n\n<!-- bench: end -->\nb\n");
    expect(replaceBetweenMarkers(replaced, "new")).toBe(replaced);
    expect(() => replaceBetweenMarkers("a", "new")).toThrow("must contain the line");
  });
});
