import { describe, expect, it } from "vitest";
import { changedFields, changesOf } from "./form-changes";
import type { ScheduleFormValues } from "./schedule-form-model";
import { newFormValues } from "./schedule-form-values";

const BERLIN = { zone: "Europe/Berlin", hour12: false };
const form = (changed: Partial<ScheduleFormValues> = {}): ScheduleFormValues => ({
  ...newFormValues({ timezone: "Europe/Berlin", maxRetries: 3, retryDelaySeconds: 60 }),
  ...changed,
});

describe("the changes between two forms", () => {
  it.each<[Partial<ScheduleFormValues>, string, string, string]>([
    [{ tags: ["a", "b"] }, "Tags", "–", "a, b"],
    [{ enabled: false }, "Enabled", "yes", "no"],
    [{ kind: "one_time" }, "Kind", "Recurring", "One-time"],
    [{ timezone: "America/New_York" }, "Time zone", "Europe/Berlin", "America/New York"],
    [{ executionTime: "2027-01-01T08:00:00.000Z" }, "Time", "–", "1 Jan 2027, 09:00:00 Europe/Berlin (UTC+1)"],
    [{ startAt: "2027-07-01T08:00:00Z" }, "Start", "Immediately", "1 Jul 2027, 10:00:00 Europe/Berlin (UTC+2)"],
    [{ endAt: "2027-07-01T08:00:00Z" }, "End", "Never", "1 Jul 2027, 10:00:00 Europe/Berlin (UTC+2)"],
    [{ maxRuns: 3 }, "Maximum runs", "Unlimited", "3"],
    [{ dstGap: "skip" }, "Daylight saving: time does not exist", "run at the first valid time", "skip the run"],
    [{ dstOverlap: "both" }, "Daylight saving: time occurs twice", "run the first time", "run both times"],
    [{ catchUpPolicy: "none" }, "Catch-up policy", "run the last one", "skip missed runs"],
    [{ catchUpWindowSeconds: 5400 }, "Catch-up window", "1 d", "1 h 30 min"],
    [{ jitterSeconds: 30 }, "Jitter", "none", "up to 30 s"],
    [{ retryDelaySeconds: 90 }, "Retry delay", "1 min", "1 min 30 s"],
    [{ headers: [{ name: "x-a", value: "1" }] }, "Headers", "–", "x-a: 1"],
    [{ entityId: "42" }, "Entity id", "–", "42"],
  ])("shows %j as a change of %s from %s to %s", (changed, label, before, after) => {
    expect(changesOf(form(), form(changed), BERLIN)).toEqual([expect.objectContaining({ label, before, after })]);
  });

  it("lists changed fields in the order of the form", () => {
    expect(changedFields(form(), form({ priority: 1, name: "nightly" }))).toEqual(["name", "priority"]);
  });
});
