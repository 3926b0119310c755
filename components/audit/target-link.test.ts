import { expect, test } from "vitest";
import { shortTarget, targetHref, targetName } from "./target-link";

const JOB = "0190f3a0-0000-7000-8000-0000000000ab";
const entry = { target: JOB, targetName: null, job: null, before: null, after: null, targetCount: 0 };

test.each([
  ["an entry that stored the name", { verb: "bulk.undo", targetName: "Pause 2 schedules" }, "Pause 2 schedules"],
  ["an older entry with the number", { verb: "bulk.retag", after: { total: 3, filter: null } }, "Retag 3 schedules"],
  ["an older entry without the number", { verb: "bulk.abort" }, "Bulk job …000000ab"],
  ["runs that a job started", { verb: "schedule.execute", job: JOB, after: { runs: 3 } }, "Bulk job …000000ab"],
  ["another entry without a name", { verb: "quarantine.retry" }, null],
  ["a checkpoint", { verb: "audit.checkpoint", target: "chain:0" }, "Hash chain 0"],
  ["a batch", { verb: "schedule.create", target: "batch:1", targetCount: 2 }, "Batch of 2 schedules"],
  [
    "a document that was applied",
    { verb: "schedule.create", target: "batch:1", targetCount: 2, targetName: "Document payroll" },
    "Document payroll",
  ],
  [
    "changed settings",
    { verb: "settings.change", target: "settings", after: { maxRetries: 5, timezone: "UTC" } },
    "Default retries, Default time zone",
  ],
])("the target of %s", (_, over, name) => {
  expect(targetName({ ...entry, ...over })).toBe(name);
});

test.each(["bulk.pause", "bulk.undo", "dead_letters.discard"])("an entry of %s links to its job", (verb) => {
  expect(targetHref({ ...entry, verb })).toBe(`/bulk/${JOB}`);
});

test.each([
  ["topic:partner.webhooks", "partner.webhooks"],
  ["store:clickhouse", "clickhouse"],
  ["user:42", "user:42"],
])("the id %s is shown as %s", (target, shown) => {
  expect(shortTarget(target)).toBe(shown);
});
