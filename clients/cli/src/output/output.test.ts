import { describe, expect, it } from "vitest";
import { testIo } from "../testing/io.js";
import { createPrinter } from "./printer.js";
import { createProgress } from "./progress.js";
import { type Column, showIn, tableLines } from "./table.js";
import { json, paintFor, printable, shortened } from "./text.js";
import { requireZone, timeArgument, timeIn } from "./time.js";

interface Row {
  name: string;
  at: string | null;
  count: number;
}
const ROWS: Row[] = [
  { name: "Daily report", at: "2027-03-28T00:59:59.000Z", count: 7 },
  { name: "日次レポート", at: null, count: 1200 },
];
const COLUMNS: Column<Row>[] = [
  { title: "NAME", cell: ({ name }) => name, shrink: 4 },
  { title: "COUNT", cell: ({ count }) => count, align: "right" },
  { title: "AT", cell: ({ at }, show) => show.time(at) },
];
const plain = (_: string, text: string) => text;

describe("a table", () => {
  it("aligns cells by their width on the screen", () => {
    expect(tableLines({ rows: ROWS, columns: COLUMNS, show: showIn("UTC"), paint: plain })).toEqual([
      "NAME          COUNT  AT",
      "Daily report      7  2027-03-28 00:59:59 +00:00",
      "日次レポート   1200  -",
    ]);
  });

  it("shortens cells to the width of the terminal, down to their minimum", () => {
    const lines = (terminalWidth: number) =>
      tableLines({ rows: ROWS, columns: COLUMNS, show: showIn("UTC"), paint: plain, terminalWidth });
    expect(lines(43)[1]).toBe("Daily r…      7  2027-03-28 00:59:59 +00:00");
    expect(lines(10)[1]).toMatch(/^Dai… {6}7 {2}2027/);
  });

  it("has colours on a terminal only, and none with NO_COLOR", () => {
    expect(paintFor({ isTTY: true }, {})("red", "a")).toBe("\u001b[31ma\u001b[39m");
    expect(paintFor({ isTTY: true }, { NO_COLOR: "1" })("red", "a")).toBe("a");
    expect(paintFor({ isTTY: true }, { TERM: "dumb" })("red", "a")).toBe("a");
    expect(paintFor({ isTTY: false }, {})("red", "a")).toBe("a");
  });

  it("shows control characters of the server as escapes", () => {
    const title = "\u001b]0;owned\u0007 a\nb\u009bc \u202egnp.exe";
    expect(printable(title)).toBe("\\u001b]0;owned\\u0007 a\\nb\\u009bc \\u202egnp.exe");
    expect(json({ title })).toBe('{"title":"\\u001b]0;owned\\u0007 a\\nb\\u009bc \\u202egnp.exe"}');
    expect(JSON.parse(json({ title }))).toEqual({ title });
  });

  it("keeps all digits of integers as JSON", () => {
    expect(json({ n: 1970670598291982290n })).toBe('{"n":1970670598291982290}');
  });

  it("does not cut a character in two", () => {
    expect(shortened("👩‍👩‍👧 family", 4)).toBe("👩‍👩‍👧 …");
  });
});

describe("rows", () => {
  const printed = async (format: "table" | "json" | "ndjson", rows: Row[] = ROWS) => {
    const io = testIo();
    const count = await createPrinter({ io, format, zone: "Europe/Berlin" }).rows(rows, COLUMNS, { empty: "None." });
    return { count, out: io.out(), err: io.err() };
  };

  it("are one list as JSON, and a line each as NDJSON, with times as in the API", async () => {
    const { out } = await printed("json");
    expect(JSON.parse(out)).toEqual(ROWS);
    const lines = (await printed("ndjson")).out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(ROWS);
  });

  it("have times in the chosen zone as a table", async () => {
    expect((await printed("table")).out).toContain("2027-03-28 01:59:59 +01:00");
  });

  it("are a note if there are none, and an empty list as JSON", async () => {
    expect(await printed("table", [])).toEqual({ count: 0, out: "", err: "None.\n" });
    expect(await printed("json", [])).toEqual({ count: 0, out: "[]\n", err: "" });
    expect(await printed("ndjson", [])).toEqual({ count: 0, out: "", err: "" });
  });

  it("are streamed with the titles once", () => {
    const io = testIo();
    const print = createPrinter({ io, format: "table", zone: "UTC" }).stream<Row>([
      { title: "NAME", width: 8, cell: ({ name }) => name },
      { title: "COUNT", width: 6, align: "right", cell: ({ count }) => count },
    ]);
    for (const name of ["a", "b"]) print({ name, at: null, count: 1 });
    expect(io.out()).toBe("NAME       COUNT\na              1\nb              1\n");
  });
});

describe("a time", () => {
  it.each([
    ["Europe/Berlin", "2027-03-28T00:59:59Z", "2027-03-28 01:59:59 +01:00"],
    ["Europe/Berlin", "2027-03-28T01:00:00Z", "2027-03-28 03:00:00 +02:00"],
    ["America/New_York", "2027-01-01T04:00:00.123Z", "2026-12-31 23:00:00 -05:00"],
    ["Asia/Kolkata", "2027-01-01T00:00:00Z", "2027-01-01 05:30:00 +05:30"],
    ["UTC", "2027-01-01T00:00:00Z", "2027-01-01 00:00:00 +00:00"],
  ])("in %s is shown with its offset: %s", (zone, iso, shown) => {
    expect(timeIn(zone, iso)).toBe(shown);
  });

  it("of an unknown zone is refused", () => {
    expect(() => requireZone("Mars/Olympus", "--zone")).toThrow('--zone: "Mars/Olympus" must be an IANA time zone');
  });

  const nowMs = Date.parse("2027-01-01T00:00:00Z");
  it.each([
    ["now", "2027-01-01T00:00:00.000Z"],
    ["+90m", "2027-01-01T01:30:00.000Z"],
    ["-1.5h", "2026-12-31T22:30:00.000Z"],
    ["+7d", "2027-01-08T00:00:00.000Z"],
    ["2027-03-28T02:30", "2027-03-28T02:30"],
    ["yesterday", "yesterday"],
  ])("of the command line as %s is sent as %s", (text, sent) => {
    expect(timeArgument(text, nowMs)).toBe(sent);
  });

  it("beyond any calendar is refused", () => {
    expect(() => timeArgument("+999999999999d", nowMs)).toThrow("out of range");
  });
});

describe("progress", () => {
  it("replaces its line on a terminal, and removes it at the end", () => {
    const io = testIo({ isTerminal: true });
    const progress = createProgress(io, false);
    progress.update("1 of 2");
    progress.end();
    expect([io.out(), io.err()]).toEqual(["", "\r\u001b[K1 of 2\r\u001b[K"]);
  });

  it("writes nothing with --quiet, and without a terminal at most a line every few seconds", () => {
    const io = testIo();
    createProgress(io, true).update("1 of 2");
    const progress = createProgress(io, false);
    progress.update("1 of 9");
    progress.update("2 of 9");
    expect(io.err()).toBe("1 of 9\n");
  });
});
