import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/*
 * Checks the table of ASVS 5.0 in docs/operate/security.md: it has each requirement of levels 1 and 2 once, its counts
 * are right, and each cited test exists.
 */
const ROOT = new URL("..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");
const text = read("docs/operate/security.md");

/** The number of the last requirement of each section, with those of level 3. */
const SECTIONS: Record<string, number> = {
  "1.1": 2,
  "1.2": 10,
  "1.3": 12,
  "1.4": 3,
  "1.5": 3,
  "2.1": 3,
  "2.2": 3,
  "2.3": 5,
  "2.4": 2,
  "3.1": 1,
  "3.2": 3,
  "3.3": 5,
  "3.4": 8,
  "3.5": 8,
  "3.6": 1,
  "3.7": 5,
  "4.1": 5,
  "4.2": 5,
  "4.3": 2,
  "4.4": 4,
  "5.1": 1,
  "5.2": 6,
  "5.3": 3,
  "5.4": 3,
  "6.1": 3,
  "6.2": 12,
  "6.3": 8,
  "6.4": 6,
  "6.5": 8,
  "6.6": 4,
  "6.7": 2,
  "6.8": 4,
  "7.1": 3,
  "7.2": 4,
  "7.3": 2,
  "7.4": 5,
  "7.5": 3,
  "7.6": 2,
  "8.1": 4,
  "8.2": 4,
  "8.3": 3,
  "8.4": 2,
  "9.1": 3,
  "9.2": 4,
  "10.1": 2,
  "10.2": 3,
  "10.3": 5,
  "10.4": 16,
  "10.5": 5,
  "10.6": 2,
  "10.7": 3,
  "11.1": 4,
  "11.2": 5,
  "11.3": 5,
  "11.4": 4,
  "11.5": 2,
  "11.6": 2,
  "11.7": 2,
  "12.1": 5,
  "12.2": 2,
  "12.3": 5,
  "13.1": 4,
  "13.2": 6,
  "13.3": 4,
  "13.4": 7,
  "14.1": 2,
  "14.2": 8,
  "14.3": 3,
  "15.1": 5,
  "15.2": 5,
  "15.3": 7,
  "15.4": 4,
  "16.1": 1,
  "16.2": 5,
  "16.3": 4,
  "16.4": 3,
  "16.5": 4,
  "17.1": 2,
  "17.2": 8,
  "17.3": 2,
};
/** Requirements of level 3, which the table leaves out. */
const LEVEL_3 = new Set(
  `V1.2.10 V1.3.12 V1.5.3 V2.3.5 V2.4.2 V3.1.1 V3.2.3 V3.3.5 V3.4.7 V3.4.8 V3.5.6 V3.5.7 V3.5.8 V3.6.1 V3.7.3
    V3.7.4 V3.7.5 V4.1.4 V4.1.5 V4.2.2 V4.2.3 V4.2.4 V4.2.5 V5.2.4 V5.2.5 V5.2.6 V5.3.3 V6.3.5 V6.3.6 V6.3.7
    V6.3.8 V6.4.5 V6.4.6 V6.5.6 V6.5.7 V6.5.8 V6.6.4 V6.7.1 V6.7.2 V7.5.3 V8.1.3 V8.1.4 V8.2.4 V8.3.2 V8.3.3
    V8.4.2 V10.2.3 V10.3.5 V10.4.12 V10.4.13 V10.4.14 V10.4.15 V10.4.16 V11.1.3 V11.1.4 V11.2.4 V11.2.5 V11.3.4
    V11.3.5 V11.5.2 V11.6.2 V11.7.1 V11.7.2 V12.1.4 V12.1.5 V12.3.5 V13.1.2 V13.1.3 V13.1.4 V13.2.6 V13.3.3
    V13.3.4 V13.4.6 V13.4.7 V14.2.5 V14.2.6 V14.2.7 V14.2.8 V15.1.4 V15.1.5 V15.2.4 V15.2.5 V15.4.1 V15.4.2
    V15.4.3 V15.4.4 V16.5.4 V17.1.2 V17.2.5 V17.2.6 V17.2.7 V17.2.8`.split(/\s+/),
);
const STATES = ["met", "partly", "not met", "does not apply"];

const REQUIRED = Object.entries(SECTIONS)
  .flatMap(([section, last]) => Array.from({ length: last }, (_, i) => `V${section}.${i + 1}`))
  .filter((id) => !LEVEL_3.has(id));

interface Row {
  id: string;
  asks: string;
  state: string;
  reason: string;
}

const ROWS: Row[] = [...text.matchAll(/^\| (V\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, id = "", asks = "", state = "", reason = ""]) => ({ id, asks, state, reason }),
);
const CITED = ROWS.flatMap(({ id, reason }) =>
  [...reason.matchAll(/`([^`\s]+\.(?:test|spec)\.ts)` "([^"]+)"/g)].map(([, file = "", title = ""]) => ({
    id,
    file,
    title,
  })),
);

test("each of the 253 requirements of levels 1 and 2 has one row", () => {
  expect(REQUIRED).toHaveLength(253);
  expect(ROWS.map(({ id }) => id)).toEqual(REQUIRED);
});

test("each row has a known state, at most 15 words and a reason, and `met` names a test or says why there is none", () => {
  for (const { id, asks, state, reason } of ROWS) {
    expect([id, STATES.includes(state)]).toEqual([id, true]);
    expect([id, asks.split(/\s+/).length <= 15, reason.trim().length > 3]).toEqual([id, true, true]);
  }
});

test("the counts are those of the rows", () => {
  const count = (state: string) => ROWS.filter((row) => row.state === state).length;
  expect(text).toContain(
    `Of ${ROWS.length} requirements, ${count("met")} are met, ${count("partly")} partly met, ${count("not met")} not met, and ${count("does not apply")} do not apply.`,
  );
});

test("every mention of a test file names a title", () => {
  const mentions = ROWS.flatMap(({ reason }) => reason.match(/`[^`\s]+\.(?:test|spec)\.ts`/g) ?? []);
  expect(CITED.length).toBeGreaterThan(100);
  expect(CITED).toHaveLength(mentions.length);
});

test.each(CITED)("$id: $file has the test: $title", ({ file, title }) => {
  expect(existsSync(new URL(file, ROOT)), file).toBe(true);
  const source = read(file);
  expect(source.includes(`"${title}"`) || source.includes(`\`${title}\``), `no test of that title in ${file}`).toBe(
    true,
  );
});
