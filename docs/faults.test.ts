import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");

/** The file and the title that each row cites. */
const ROWS = [...read("docs/faults.md").matchAll(/^\| .+ \| `([^`]+)`: (.+) \|$/gm)].map(([, file, title]) => ({
  file: file as string,
  title: (title as string).replaceAll("\\`", "`"),
}));

test("the tables have rows", () => {
  expect(ROWS.length).toBeGreaterThan(40);
});

test.each(ROWS)("$file has the test: $title", ({ file, title }) => {
  const text = read(file);
  expect(text.includes(`"${title}"`) || text.includes(`\`${title}\``), `no test of that title in ${file}`).toBe(true);
});
