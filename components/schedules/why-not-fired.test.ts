import { describe, expect, it } from "vitest";
import { currentReasons, pastReason } from "./why-not-fired";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const active = {
  status: "active" as const,
  pausedBy: null,
  pausedUntil: null,
  pauseNote: null,
  nextExecution: "2026-11-24T12:05:00.000Z",
  startAt: null,
  endAt: null,
  maxRuns: null,
  runsTaken: null,
  jitterSeconds: 0,
  cronExpression: "*/5 * * * *",
};

describe("the reasons why a schedule did not fire", () => {
  it.each([
    ["it is active and due soon", {}, []],
    [
      "it is paused",
      { status: "paused" as const, pausedBy: "ada@x.org", pauseNote: "INC-1", pausedUntil: "2026-11-25T00:00:00.000Z" },
      ["Paused by ada@x.org until 2026-11-25T00:00:00.000Z. Note: INC-1"],
    ],
    ["it is paused without an end and a reason", { status: "paused" as const }, ["Paused by someone, without a note"]],
    ["it is disabled", { status: "disabled" as const }, ["Disabled until someone resumes it."]],
    [
      "it fired once",
      { status: "completed" as const, cronExpression: null },
      ["Completed: a one-time schedule fires once."],
    ],
    [
      "it has used up max_runs",
      { status: "completed" as const, maxRuns: 3, runsTaken: 3 },
      ["Completed: it reached its maximum of 3 runs."],
    ],
    [
      "it has ended before max_runs",
      { status: "completed" as const, maxRuns: 3, runsTaken: 2, endAt: "2026-11-24T00:00:00.000Z" },
      ["Completed: its end has passed, on 2026-11-24T00:00:00.000Z"],
    ],
    [
      "it has not started",
      { startAt: "2026-12-01T00:00:00.000Z" },
      ["Not started yet: starts on 2026-12-01T00:00:00.000Z"],
    ],
    ["it has no next run", { nextExecution: null }, ["No next run is planned."]],
  ])("lists why the schedule does not fire if %s", (_name, changed, texts) => {
    const shown = currentReasons({ ...active, ...changed }, NOW).map(
      ({ text, at, atWords, rest = "" }) => `${text}${at === null ? "" : `${atWords} ${at}`}${rest}`,
    );
    expect(shown).toEqual(texts);
  });

  it("reports an overdue run one minute after its time, not earlier", () => {
    const due = (iso: string) => currentReasons({ ...active, nextExecution: iso }, NOW).map((finding) => finding.tone);
    expect(due("2026-11-24T11:59:01.000Z")).toEqual([]);
    expect(due("2026-11-24T11:58:59.000Z")).toEqual(["danger"]);
  });

  it("reports an overdue run with jitter one minute after the last time at which it may be due", () => {
    const due = (iso: string) =>
      currentReasons({ ...active, jitterSeconds: 240, nextExecution: iso }, NOW).map((finding) => finding.tone);
    expect(due("2026-11-24T11:55:00.000Z")).toEqual([]);
    expect(due("2026-11-24T11:54:59.000Z")).toEqual(["danger"]);
  });

  it("names the pause of all firing instead of an overdue run", () => {
    const until = "2026-11-25T00:00:00.000Z";
    const pause = { paused: true, pausedAt: "2026-11-24T11:00:00.000Z", pausedBy: "ada@x.org", reason: "INC-1", until };
    const overdue = { ...active, nextExecution: "2026-11-24T11:05:00.000Z" };
    expect(currentReasons(overdue, NOW, pause)).toEqual([
      {
        tone: "warning",
        text: "All firing is paused by ada@x.org",
        at: until,
        atWords: " until",
        rest: ". Note: INC-1",
      },
    ]);
    expect(currentReasons({ ...active, status: "disabled" }, NOW, pause)[0]?.text).toContain("Disabled");
    expect(currentReasons(active, NOW, { ...pause, paused: false })).toEqual([]);
  });

  const row = {
    reason: null,
    error: null,
    attemptCount: 1,
    scheduledFor: "2026-11-24T11:00:00.000Z",
    executionId: "e",
  };
  it.each([
    [{ status: "succeeded" as const }, null],
    [{ status: "skipped" as const, reason: "dst_gap" }, "Skipped: the local time did not exist (daylight saving)."],
    [{ status: "skipped" as const, reason: "new_reason" }, "Skipped: new reason."],
    [{ status: "dead" as const, error: "no broker", attemptCount: 4 }, "Dead after 4 attempts: no broker"],
    [{ status: "dead" as const, error: "no broker" }, "Dead after 1 attempt: no broker"],
  ])("explains an execution with %o as %j", (changed, text) => {
    expect(pastReason({ ...row, ...changed })?.text ?? null).toBe(text);
  });
});
