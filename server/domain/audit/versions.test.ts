import { describe, expect, test } from "vitest";
import { aSchedule } from "~/server/testing/schedules";
import type { AuditEntry } from "./entry";
import { versionsOf } from "./versions";

const CREATED = Date.UTC(2026, 5, 1);

function entry(verb: string, over: Partial<AuditEntry>): AuditEntry {
  const plain = {
    actorId: "",
    via: "session",
    client: null,
    address: null,
    requestId: null,
    targetName: null,
    targets: [],
    job: null,
    topic: null,
    ...{ errorCode: null, call: null, count: 1, onBehalfOf: null },
  };
  const rest = {
    entryId: "e",
    at: "2026-06-02T00:00:00.000Z",
    actor: "ana",
    target: "s",
    note: null,
    result: "succeeded",
  };
  return { ...plain, ...rest, verb, before: null, after: null, ...over };
}

const edit = (version: number, before: object, after: object, over: Partial<AuditEntry> = {}) =>
  entry("schedule.edit", { before: { ...before, version: version - 1 }, after: { ...after, version }, ...over });
const pause = (version?: number) => entry("schedule.pause", { after: { until: null, missed: null, version } });
const resume = (version?: number) => entry("schedule.resume", { after: { version } });

const current = (version: number, over: object = {}) =>
  aSchedule({ scheduleId: "s", cronExpression: "0 11 * * *", version, createdAt: CREATED, createdBy: "ben", ...over });

function shown(schedule: ReturnType<typeof current>, trail: AuditEntry[]) {
  const { versions, isComplete } = versionsOf(schedule, trail);
  return {
    isComplete,
    versions: versions.map((one) => [one.firstVersion, one.version, one.actor, one.schedule.cronExpression]),
  };
}

const CRON_2 = edit(2, { cronExpression: "0 9 * * *" }, { cronExpression: "0 10 * * *" });
const CRON_3 = edit(3, { cronExpression: "0 10 * * *" }, { cronExpression: "0 11 * * *" }, { actor: "cem" });

describe("the versions of a schedule", () => {
  test.each<[string, ReturnType<typeof current>, AuditEntry[], ReturnType<typeof shown>]>([
    ["that was never changed", current(1), [], { isComplete: true, versions: [[1, 1, "ben", "0 11 * * *"]] }],
    [
      "are found by reversing each edit",
      current(3),
      [CRON_3, CRON_2, entry("schedule.create", { after: { version: 1 } })],
      {
        isComplete: true,
        versions: [
          [3, 3, "cem", "0 11 * * *"],
          [2, 2, "ana", "0 10 * * *"],
          [1, 1, "ben", "0 9 * * *"],
        ],
      },
    ],
    [
      "do not count pauses and resumes as definitions",
      current(5),
      [resume(5), pause(4), CRON_3, CRON_2],
      {
        isComplete: true,
        versions: [
          [3, 5, "cem", "0 11 * * *"],
          [2, 2, "ana", "0 10 * * *"],
          [1, 1, "ben", "0 9 * * *"],
        ],
      },
    ],
    [
      "are ordered by version number, not by time, because clocks differ",
      current(3),
      [CRON_2, CRON_3],
      {
        isComplete: true,
        versions: [
          [3, 3, "cem", "0 11 * * *"],
          [2, 2, "ana", "0 10 * * *"],
          [1, 1, "ben", "0 9 * * *"],
        ],
      },
    ],
    [
      "are complete with pause entries of older releases, which have no version number",
      current(3),
      [resume(), pause()],
      { isComplete: true, versions: [[1, 3, "ben", "0 11 * * *"]] },
    ],
    [
      "include the deletion of a deleted schedule",
      current(2, { state: { deleted: true } }),
      [entry("schedule.delete", { before: { name: "n", version: 1 } })],
      { isComplete: true, versions: [[1, 2, "ben", "0 11 * * *"]] },
    ],
    [
      "end where the trail lacks a change",
      current(4),
      [edit(4, { cronExpression: "0 10 * * *" }, { cronExpression: "0 11 * * *" })],
      {
        isComplete: false,
        versions: [
          [4, 4, "ana", "0 11 * * *"],
          [3, 3, null, "0 10 * * *"],
        ],
      },
    ],
  ])("%s", (_, schedule, trail, expected) => {
    expect(shown(schedule, trail)).toEqual(expected);
  });

  test("name the changed fields of the definition, and no other fields that a change writes", () => {
    const before = { tags: ["a"], plannedSince: null, pausedAt: 5, createdBy: "eve", unknownField: 1 };
    const { versions } = versionsOf(current(2, { tags: ["b"] }), [edit(2, before, { tags: ["b"] })]);
    expect(versions[0]).toMatchObject({ changed: ["tags"], schedule: { tags: ["b"], version: 2 } });
    expect(versions[1]?.schedule).toMatchObject({ tags: ["a"], version: 1, createdBy: "ben", pausedAt: null });
  });
});
