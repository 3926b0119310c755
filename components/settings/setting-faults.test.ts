import { expect, it } from "vitest";
import { settingFaults } from "./setting-faults";

it("settingFaults names the settings of invalid values, and of values that contradict each other", () => {
  const faults = [
    { field: "values.max_retries", message: "must be at most 100" },
    { field: "transfer_horizon_seconds", message: "must be less" },
  ];
  expect(Object.fromEntries(settingFaults({ data: { appError: { faults } } }))).toEqual({
    max_retries: "must be at most 100",
    transfer_horizon_seconds: "must be less",
  });
});
