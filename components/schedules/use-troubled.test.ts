import { expect, it } from "vitest";
import { countTroubled } from "./use-troubled";

it("counts the held and the retrying executions of each schedule, and no others", () => {
  const rows = [
    { scheduleId: "a", status: "held" as const },
    { scheduleId: "a", status: "held" as const },
    { scheduleId: "a", status: "retrying" as const },
    { scheduleId: "b", status: "retrying" as const },
    { scheduleId: "c", status: "running" as const },
    { scheduleId: "c", status: "pending" as const },
  ];
  expect([...countTroubled(rows)]).toEqual([
    ["a", { held: 2, retrying: 1 }],
    ["b", { held: 0, retrying: 1 }],
  ]);
});
