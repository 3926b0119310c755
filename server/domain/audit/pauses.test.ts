import { expect, test } from "vitest";
import type { AuditEntry } from "./entry";
import { lastPauses } from "./pauses";

const at = (minute: number) => new Date(Date.UTC(2026, 5, 1, 9, minute)).toISOString();

function entry(verb: string, target: string, minute: number, over: Partial<AuditEntry> = {}): AuditEntry {
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
  const rest = { entryId: `${minute}`, actor: "ana", note: null, result: "succeeded", before: null, after: null };
  return { ...plain, ...rest, verb, target, at: at(minute), ...over };
}

test.each<[string, AuditEntry[], unknown[]]>([
  ["none in an empty trail", [], []],
  ["none in a trail with only a resume", [entry("schedule.resume", "s", 9)], []],
  [
    "a pause that lasts",
    [entry("schedule.pause", "s", 5, { note: "INC-7", after: { until: at(50) } })],
    [["s", at(5), "ana", "INC-7", at(50), null, null]],
  ],
  [
    "a pause that is over",
    [entry("schedule.resume", "s", 9, { actor: "ben" }), entry("schedule.pause", "s", 5)],
    [["s", at(5), "ana", null, null, at(9), "ben"]],
  ],
  [
    "only the last pause, with the first of two resumes as its end",
    [
      entry("schedule.resume", "s", 9, { actor: "late" }),
      entry("schedule.resume", "s", 8, { actor: "ben" }),
      entry("schedule.pause", "s", 5),
      entry("schedule.resume", "s", 3),
      entry("schedule.pause", "s", 1),
    ],
    [["s", at(5), "ana", null, null, at(8), "ben"]],
  ],
  [
    "the last pause of each schedule",
    [entry("schedule.pause", "b", 7), entry("schedule.resume", "a", 6), entry("schedule.pause", "a", 5)],
    [
      ["b", at(7), "ana", null, null, null, null],
      ["a", at(5), "ana", null, null, at(6), "ana"],
    ],
  ],
])("finds %s", (_, trail, expected) => {
  const found = lastPauses(trail).map((one) => [
    ...[one.scheduleId, one.pausedAt, one.pausedBy, one.note, one.until, one.resumedAt, one.resumedBy],
  ]);
  expect(found).toEqual(expected);
});
