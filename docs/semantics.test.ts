import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { END_REASONS, OUTCOMES, TRIGGERS } from "~/server/domain/choices";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}${path}`, "utf8");
const text = read("docs/reference/semantics.md");

const LINES = text.split("\n").filter((line) => /^\| \d/.test(line));
const ROWS = LINES.flatMap((line) => {
  const [, id = "", file = "", title = ""] = /^\| (\d+\.\d+) \| .+ \| `([^`]+)`: (.+) \|$/.exec(line) ?? [];
  return id === "" ? [] : [{ id, file, title }];
});

test("every rule has a number and a test", () => {
  expect(ROWS.length).toBeGreaterThan(80);
  expect(ROWS.length).toBe(LINES.length);
});

test("rules are numbered by section, without gaps", () => {
  const sections = text.split(/^## /m).slice(1);
  const expected = sections.flatMap((section, at) =>
    (section.match(/^\| \d/gm) ?? []).map((_, rule) => `${at + 1}.${rule + 1}`),
  );
  expect(ROWS.map(({ id }) => id)).toEqual(expected);
});

test.each(ROWS)("§$id: $file has the test: $title", ({ file, title }) => {
  const source = read(file);
  const literals = [JSON.stringify(title), `'${title}'`, `\`${title}\``];
  // A rule may cite a part of a row in a table-driven test.
  expect(literals.some((literal) => source.includes(literal)) || isTableText(source, title)).toBe(true);
});

/** Whether the title is in a line that begins a row of a test's table. */
function isTableText(source: string, title: string): boolean {
  return source.split("\n").some((line) => /^\s*(\[|\{)/.test(line) && line.includes(title));
}

test("the outcomes and reasons match the code", () => {
  const found = [...text.matchAll(/^\| `(\w+)` \| (?:`(\w+)`|none) \| /gm)].map(([, outcome, reason]) => ({
    outcome,
    reason,
  }));
  expect([...new Set(found.map(({ outcome }) => outcome))].sort()).toEqual([...OUTCOMES].sort());
  const reasonsOf = (outcome: string) => found.flatMap((row) => (row.outcome === outcome ? (row.reason ?? []) : []));
  for (const outcome of OUTCOMES) expect(reasonsOf(outcome).sort(), outcome).toEqual([...END_REASONS[outcome]].sort());
});

test("the triggers match the code", () => {
  const table = text.split("| trigger |")[1]?.split("\n\n")[0] ?? "";
  expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, trigger]) => trigger)).toEqual([...TRIGGERS]);
});

/** The numbers of a document's sections and rules. */
function sectionsOf(document: string): Set<string> {
  const found = read(document).matchAll(/^(?:## (\d+)\. |\| (\d+\.\d+) \|)/gm);
  return new Set([...found].map(([, section, rule]) => section ?? (rule as string)));
}

test("citations in code and documents name sections that exist", () => {
  const known = {
    semantics: sectionsOf("docs/reference/semantics.md"),
    contract: sectionsOf("docs/reference/contract.md"),
  };
  const folders = ["app", "bench", "components", "docs", "e2e", "scripts", "server", "worker"];
  const files = folders.flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(tsx?|mjs|md|lua|sql)$/.test(path) && !path.includes("node_modules"))
      .map((path) => `${folder}/${path}`),
  );
  let citations = 0;
  const broken = files.flatMap((file) =>
    [...read(file).matchAll(/\b([A-Za-z]\w*) §\s*(\d+(?:\.\d+)?)/g)].flatMap(([whole, document = "", section = ""]) => {
      citations += 1;
      return known[document.toLowerCase() as keyof typeof known]?.has(section) ? [] : [`${file}: ${whole}`];
    }),
  );
  expect(broken).toEqual([]);
  expect(citations).toBeGreaterThan(30);
});
