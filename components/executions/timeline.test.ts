import { describe, expect, it } from "vitest";
import { timelineOf } from "./timeline";

const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 10, 0, second)).toISOString();
const published = { n: 1, at: at(0), durationMs: 3, workerId: "w", errorClass: null, error: null };
const succeeded = {
  status: "succeeded" as const,
  reason: null,
  scheduledFor: at(0),
  effectiveAt: at(0),
  firedAt: at(1),
  endedAt: at(1),
  attempts: [published],
  late: false,
  partition: 2,
  offset: "77",
  actor: null,
  note: null,
  trigger: "schedule" as const,
  dueAt: null,
};
const failedAttempt = {
  n: 1,
  at: at(2),
  durationMs: 3,
  workerId: "w",
  errorClass: "broker_connection",
  error: "no answer in 10 s",
};
const titles = (changed: Partial<typeof succeeded> | object) =>
  timelineOf({ ...succeeded, ...changed }).map(({ title, detail }) => (detail ? `${title} (${detail})` : title));

describe("the timeline of an execution", () => {
  it("has the scheduled time and the publish of a succeeded execution", () => {
    expect(titles({})).toEqual(["Scheduled for", "Published (partition 2, offset 77)"]);
  });

  it("shows the shift by jitter", () => {
    expect(titles({ effectiveAt: at(5) })[1]).toBe("Shifted by jitter to");
  });

  it("shows failed attempts before the end", () => {
    expect(titles({ attempts: [failedAttempt, { ...published, n: 2 }] })).toEqual([
      "Scheduled for",
      "Attempt 1 failed: broker connection (no answer in 10 s)",
      "Published in attempt 2 (partition 2, offset 77)",
    ]);
  });

  it("has the time at which an attempt failed, not the time at which it started", () => {
    const attempts = [{ ...failedAttempt, durationMs: 3000.4 }, published];
    expect(timelineOf({ ...succeeded, attempts })[1]?.at).toBe(at(5));
  });

  it("does not repeat an error that equals the error before it", () => {
    const attempts = [failedAttempt, { ...failedAttempt, n: 2 }, { ...failedAttempt, n: 3, error: "closed" }];
    expect(titles({ attempts }).slice(1, 4)).toEqual([
      "Attempt 1 failed: broker connection (no answer in 10 s)",
      "Attempt 2 failed: broker connection (The same error)",
      "Attempt 3 failed: broker connection (closed)",
    ]);
  });

  it("shows the note of the pause that caused a skip", () => {
    const paused = { status: "skipped" as const, reason: "paused", actor: "ada@example.org", note: "INC-7" };
    expect(
      timelineOf({ ...succeeded, ...paused, attempts: [] }).map(({ title, detail, at }) => [title, detail, at]),
    ).toEqual([
      ["Scheduled for", null, at(0)],
      ["Skipped: schedule paused by ada@example.org", "INC-7", null],
      // At the resume, when the row was written.
      ["Recorded after the pause", null, at(1)],
    ]);
  });

  it.each([
    ["dead", "retries_used_up", null, "Dead (Retries used up)"],
    // A reason without a label.
    ["dead", "max_retries", null, "Dead (Max retries)"],
    ["expired", "max_delay", null, "Expired (It was later than the maximum delay)"],
    ["skipped", "superseded_by_edit", "ada@example.org", "Skipped by ada@example.org (An edit replaced it)"],
    ["cancelled", "deleted", null, "Cancelled (The schedule was deleted)"],
  ])("ends as %s because of %s", (status, reason, actor, expected) => {
    expect(titles({ status, reason, actor, attempts: [] }).at(-1)).toBe(expected);
  });

  it.each([
    ["running", "Running on a worker"],
    ["retrying", "Waiting for the next attempt"],
    ["pending", "Waiting for a worker"],
    ["held", "Held while the breaker of its topic is open"],
  ])("ends with the state of a %s execution", (status, expected) => {
    expect(titles({ status, endedAt: null, firedAt: null }).at(-1)).toBe(expected);
  });

  it("names who started a manual run", () => {
    expect(titles({ trigger: "manual", actor: "ada@example.org" })[0]).toBe("Started manually (by ada@example.org)");
  });
});
