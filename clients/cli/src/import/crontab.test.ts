import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseCron } from "~/server/domain/recurrence/parse";
import { documentText } from "../as-code/document-text.js";
import { importCrontab } from "./crontab.js";
import { reportText } from "./report.js";

const OPTIONS = { owner: "ops", topic: "cron.jobs", timezone: "Europe/Berlin" };
const fixture = (name: string) => fileURLToPath(new URL(`testdata/${name}`, import.meta.url));
const one = (line: string, over: object = {}) => importCrontab(line, { ...OPTIONS, ...over });
const remarksOf = (line: string) =>
  one(line)
    .remarks.filter((remark) => remark.line !== null)
    .map(({ kind, message }) => `${kind}: ${message}`);

describe("a crontab of 46 lines", () => {
  const imported = importCrontab(readFileSync(fixture("crontab.txt"), "utf8"), OPTIONS);

  it("becomes the document in crontab.yaml", async () => {
    const text = documentText(imported.document, { format: "table", url: null });
    await expect(text).toMatchFileSnapshot(fixture("crontab.yaml"));
    expect(parse(text)).toEqual(JSON.parse(JSON.stringify(imported.document)));
  });

  it("has the report in crontab-report.txt", async () => {
    await expect(reportText(imported, "crontab.txt")).toMatchFileSnapshot(fixture("crontab-report.txt"));
  });

  it("leaves out the lines that it cannot convert", () => {
    const skipped = imported.remarks.filter(({ kind }) => kind === "skipped").map(({ line }) => line);
    expect(skipped).toEqual([23, 24, 27, 32, 33, 34, 35, 36, 37]);
  });
});

it.each([
  ["0 0 */2 * 1 a", "skipped: day of month"],
  ["0 0 1 * */2 a", "skipped: day of month"],
  ["0 0 1 * 1 a", "kept: Day of month and day of week are both set"],
  ["@reboot a", "skipped: @reboot has no time"],
  ["0 6 * * * a%b%c", 'differs: "%" ends the command'],
  ["H 5 * * * a", 'skipped: minute "H" is not a field of a crontab'],
  ["0 25 * * * a", 'skipped: hour "25" is out of range (expected: 0 to 23)'],
  ["0 1-5,22-2 * * * a", 'skipped: hour "1-5,22-2": the range ends before it starts'],
  ["0 5 * * FRI-MON a", 'skipped: day of week "FRI-MON": the range ends before it starts'],
  ["0 5 * nov-2 * a", 'skipped: month "nov-2": the range ends before it starts'],
  ["0 5 * MON * a", 'skipped: month "MON" is not a field of a crontab'],
  ["*/0 5 * * * a", 'skipped: minute "*/0" has a step that is out of range (expected: 1 to 999)'],
  ["5/20 * * * * a", 'skipped: minute "5/20": a step needs * or a range. Write 5-59/20, or leave out the step.'],
  ["0 5 * * 1/3 a", 'skipped: day of week "1/3": a step needs * or a range. Write 1-6/3, or leave out the step.'],
  ["DB_PASSWORD=a", "differs: DB_PASSWORD is left out"],
  ["5 6 * *", "skipped: has too few fields"],
])("%s: %s", (line, remark) => {
  expect(remarksOf(line)).toEqual([expect.stringContaining(remark)]);
});

it("skips the fields that apply refuses, and steps of single values, and converts the others", () => {
  const value = (of: fc.Arbitrary<string | number>) => of.map(String);
  const field = (numbers: fc.Arbitrary<number>, names: readonly string[]) => {
    const one = value(names.length > 0 ? fc.oneof(numbers, fc.constantFrom(...names)) : numbers);
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant("") },
      fc.nat(1000).map((by) => `/${by}`),
    );
    const range = fc.tuple(one, one).map(([from, to]) => `${from}-${to}`);
    const item = fc.tuple(fc.oneof(one, range, fc.constant("*")), step).map((parts) => parts.join(""));
    return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(","));
  };
  const lines = fc.oneof(
    field(fc.integer({ min: 0, max: 60 }), ["MON"]).map((minute) => `${minute} 5 * * *`),
    field(fc.integer({ min: 0, max: 24 }), []).map((hour) => `0 ${hour} * * *`),
    field(fc.integer({ min: 0, max: 13 }), ["JAN", "feb", "NOV", "XYZ"]).map((month) => `0 5 * ${month} *`),
    field(fc.integer({ min: 0, max: 8 }), ["SUN", "mon", "FRI", "SAT", "XYZ"]).map((day) => `0 5 * * ${day}`),
  );
  const isRefused = (cron: string) => {
    if (/[ ,]\w+\//.test(` ${cron}`)) return true;
    try {
      parseCron(cron);
      return false;
    } catch {
      return true;
    }
  };
  fc.assert(
    fc.property(lines, (cron) => {
      const { schedules } = one(`${cron} a`).document;
      expect(schedules.map((schedule) => schedule.cron_expression)).toEqual(isRefused(cron) ? [] : [cron]);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  [
    "a line of /etc/crontab has a user",
    "0 5 * * * root /bin/a b",
    { system: true },
    { command: "/bin/a b", user: "root" },
  ],
  ["a macro with a user", "@daily www /bin/a", { system: true }, { command: "/bin/a", user: "www" }],
  ["an escaped percent sign", String.raw`0 5 * * * date +\%F`, {}, { command: "date +%F" }],
  ["text for standard input", "0 5 * * * cat%one%two", {}, { command: "cat", stdin: "one\ntwo" }],
  ["variables", "A=1\nB = ' x '\n0 5 * * * a", {}, { command: "a", environment: { A: "1", B: " x " } }],
])("%s", (_, text, over, payload) => {
  expect(one(text, over).document.schedules).toMatchObject([{ payload }]);
});

it("gives jobs with the same command different names", () => {
  const { schedules } = one("0 5 * * * /a/b.sh\n0 6 * * * /a/b.sh").document;
  expect(schedules.map(({ name }) => name)).toEqual(["ops: b.sh", "ops: b.sh 2"]);
});

it("CRON_TZ moves the jobs below it, and TZ does not", () => {
  const { schedules } = one("0 1 * * * a\nCRON_TZ=Asia/Tokyo\n0 1 * * * b\nTZ=UTC\n0 1 * * * c").document;
  expect(schedules.map(({ timezone }) => timezone)).toEqual(["Europe/Berlin", "Asia/Tokyo", "Asia/Tokyo"]);
});
