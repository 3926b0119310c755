import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../audit/entry";
import { type ExportTable, exportHead, exportLine, truncatedLine } from "./lines";
import { AUDIT_EXPORT } from "./tables";

const ENTRY: AuditEntry = {
  entryId: "0190f3a0-0000-7000-8000-000000000000",
  at: "2026-07-01T10:00:00.250Z",
  actor: "ana@example.com",
  actorId: "u1",
  via: "session",
  client: null,
  address: "10.0.0.7",
  requestId: "r1",
  verb: "schedule.edit",
  target: "s1",
  targetName: 'Nightly, "big"',
  targets: [],
  job: null,
  topic: null,
  result: "succeeded",
  errorCode: null,
  call: null,
  count: 1,
  onBehalfOf: null,
  note: "=HYPERLINK(1)",
  before: { cronExpression: "0 9 * * *" },
  after: { cronExpression: "0 10 * * *" },
};
const STYLE = { zone: "Europe/Berlin" };

test("a line of CSV has UTC and local times, quoted cells, and no formula", () => {
  const line = exportLine(AUDIT_EXPORT, ENTRY, { ...STYLE, format: "csv" });
  expect(line).toBe(
    `2026-07-01T10:00:00.250Z,2026-07-01T12:00:00.250+02:00,Europe/Berlin,ana@example.com,u1,session,10.0.0.7,schedule.edit,s1,"Nightly, ""big""",,succeeded,,,1,,'=HYPERLINK(1),,r1,${ENTRY.entryId},"{""cronExpression"":""0 9 * * *""}","{""cronExpression"":""0 10 * * *""}",\r\n`,
  );
  const cells = line.replaceAll(/"(?:[^"]|"")*"/g, "q").split(",");
  expect(cells).toHaveLength(exportHead(AUDIT_EXPORT, "csv").split(",").length);
});

test("a line of NDJSON has wire names, and the fields of a change as they are stored", () => {
  const line = exportLine(AUDIT_EXPORT, ENTRY, { ...STYLE, format: "ndjson" });
  expect(exportHead(AUDIT_EXPORT, "ndjson")).toBe("");
  expect(line.endsWith("\n")).toBe(true);
  expect(JSON.parse(line)).toMatchObject({
    at_utc: ENTRY.at,
    at_local: "2026-07-01T12:00:00.250+02:00",
    zone: "Europe/Berlin",
    entry_id: ENTRY.entryId,
    target_name: ENTRY.targetName,
    targets: [],
    before: { cronExpression: "0 9 * * *" },
  });
});

interface Row {
  value: unknown;
  firstAt: string | null;
  lastAt: string | null;
}
const TABLE: ExportTable<Row> = { fields: ["value", "firstAt", "lastAt"], times: new Set(["firstAt", "lastAt"]) };
const csv = (over: Partial<Row>) =>
  exportLine(TABLE, { value: "", firstAt: null, lastAt: null, ...over }, { format: "csv", zone: "America/New_York" });

describe("a cell of CSV", () => {
  test.each([
    ["plain text", "abc", "abc"],
    ["nothing", null, ""],
    ["a comma", "a,b", '"a,b"'],
    ["quotes", 'a"b', '"a""b"'],
    ["a line break", "a\nb", '"a\nb"'],
    ["a carriage return", "a\rb", '"a\rb"'],
    ["a formula", "=1+1", "'=1+1"],
    ["a formula with a comma and quotes", '=A("x",1)', `"'=A(""x"",1)"`],
    ["a plus", "+1", "'+1"],
    ["a minus in text", "-1", "'-1"],
    ["an at", "@SUM(A1)", "'@SUM(A1)"],
    ["a tab", "\t=1", "'\t=1"],
    ["a line break before a formula", "\n=1", `"'\n=1"`],
    ["a full-width formula", "\uFF1D1", "'\uFF1D1"],
    ["an equals sign inside", "a=1", "a=1"],
    ["a negative number", -5, "-5"],
    ["a flag", true, "true"],
    ["several texts", ["a b", "c"], "a b; c"],
    ["several texts, the first a formula", ["=1", "c"], "'=1; c"],
    ["an object", { a: 1 }, '"{""a"":1}"'],
    ["an apostrophe", "'a", "'a"],
  ])("with %s: %j is written as %s", (_, value, expected) => {
    expect(csv({ value })).toBe(`${expected},,,America/New_York,,\r\n`);
  });
});

test("each time is in UTC and in the zone, and the zone's name has one column", () => {
  expect(exportHead(TABLE, "csv")).toBe("value,first_at_utc,first_at_local,zone,last_at_utc,last_at_local\r\n");
  // The clocks go back on 1 November 2026 at 06:00 UTC, so both times are 01:30 in New York.
  expect(csv({ value: 1, firstAt: "2026-11-01T05:30:00.000Z", lastAt: "2026-11-01T06:30:00.000Z" })).toBe(
    "1,2026-11-01T05:30:00.000Z,2026-11-01T01:30:00-04:00,America/New_York,2026-11-01T06:30:00.000Z,2026-11-01T01:30:00-05:00\r\n",
  );
});

test("a time beyond what a zone can show has only its UTC form", () => {
  expect(csv({ firstAt: "+275760-09-13T00:00:00.000Z" })).toBe(",'+275760-09-13T00:00:00.000Z,,America/New_York,,\r\n");
});

test("a truncated export says so in its last line", () => {
  expect(truncatedLine(1000, "csv")).toBe("truncated after 1000 rows: more rows match\r\n");
  expect(JSON.parse(truncatedLine(1000, "ndjson"))).toEqual({ truncated: true, rows: 1000 });
});
