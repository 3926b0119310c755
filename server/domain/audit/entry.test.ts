import { expect, test } from "vitest";
import { readAuditEntry, shortEntry } from "./entry";
import { type AuditFilter, matchesAudit } from "./filter";

const AT = Date.UTC(2026, 5, 1);
const document = (over: object = {}) =>
  JSON.stringify({
    id: "e",
    at: AT,
    actor: "Ana@Example.com",
    via: "session",
    action: "schedule.pause",
    target: "s",
    ...over,
  });

test("fills in defaults for fields that older documents lack", () => {
  expect(readAuditEntry(document())).toEqual({
    entryId: "e",
    at: "2026-06-01T00:00:00.000Z",
    actor: "Ana@Example.com",
    actorId: "",
    via: "session",
    address: null,
    requestId: null,
    verb: "schedule.pause",
    target: "s",
    targetName: null,
    targets: [],
    topic: null,
    job: null,
    result: "succeeded",
    errorCode: null,
    call: null,
    count: 1,
    client: null,
    onBehalfOf: null,
    note: null,
    before: null,
    after: null,
  });
});

test("shortEntry cuts long texts and long lists of ids", () => {
  const targets = Array.from({ length: 1000 }, (_, n) => `s${n}`);
  const entry = readAuditEntry(document({ targets, after: { payload: "x".repeat(5000), nested: ["y".repeat(3000)] } }));
  const short = shortEntry(entry);
  expect(short.targets).toHaveLength(20);
  expect(short.targetCount).toBe(1000);
  expect(JSON.stringify(short.after).length).toBeLessThan(4200);
  expect(JSON.stringify(short.after)).toContain("(5000 characters)");
});

const IN_RANGE = { fromMs: AT, toMs: AT + 1 };
test.each<[string, boolean, object, Partial<AuditFilter>]>([
  ["at the start of the range", true, {}, {}],
  ["before the range", false, {}, { fromMs: AT + 1, toMs: AT + 5 }],
  ["at the end of the range", false, {}, { fromMs: AT - 5, toMs: AT }],
  ["a part of the actor in any case", true, {}, { actor: "ana@" }],
  ["another actor", false, {}, { actor: "ben" }],
  ["a verb", true, {}, { verbs: ["schedule.edit", "schedule.pause"] }],
  ["another verb", false, {}, { verbs: ["schedule.edit"] }],
  ["an empty list of verbs matches every verb", true, {}, { verbs: [] }],
  ["the target", true, {}, { targets: ["s"] }],
  ["another target", false, {}, { targets: ["t"] }],
  ["one of the targets of a batch", true, { targets: ["t", "u"] }, { targets: ["u"] }],
  ["the bulk job", true, { job: "j" }, { targets: ["j"] }],
  ["a schedule of a bulk job, which the filter excludes", false, { job: "j" }, { bulkItems: false }],
  ["a schedule of a bulk job, which the filter includes", true, { job: "j" }, { bulkItems: true }],
  ["an entry of an older release, without a result", true, {}, { result: "succeeded" }],
  ["another result", false, { result: "refused" }, { result: "succeeded" }],
])("matchesAudit, %s: %s", (_, expected, over, filter) => {
  expect(matchesAudit(readAuditEntry(document(over)), { ...IN_RANGE, ...filter })).toBe(expected);
});
