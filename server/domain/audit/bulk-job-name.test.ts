import { expect, test } from "vitest";
import { BULK_ACTIONS } from "~/server/services/bulk/inputs";
import { bulkJobName, bulkJobNameOf } from "./bulk-job-name";

test.each([
  ["pause", 1, "Pause 1 schedule"],
  ["execute", 1200, "Run 1,200 schedules now"],
  ["undo", 2, "Undo changes of 2 schedules"],
  ["discard", 3, "Discard 3 dead letters"],
  ["teleport", 3, "Bulk teleport of 3 items"],
])("a %s of %i is %j", (action, total, name) => {
  expect(bulkJobName({ action, total })).toBe(name);
});

test.each([...BULK_ACTIONS, "undo", "replay", "discard"])(
  "the action %s has its own words in the name of a job",
  (action) => {
    expect(bulkJobName({ action, total: 2 })).not.toMatch(/^Bulk /);
  },
);

test.each([
  ["bulk.pause", { total: 5, filter: null }, "Pause 5 schedules"],
  ["dead_letters.replay", { total: 1 }, "Replay 1 dead letter"],
  ["bulk.abort", undefined, null],
  ["bulk.undo", { job: "x" }, null],
  ["bulk.pause", null, null],
  ["schedule.pause", { total: 5 }, null],
])("an entry %s with %j is about the job %j", (verb, after, name) => {
  expect(bulkJobNameOf({ verb, after })).toBe(name);
});
