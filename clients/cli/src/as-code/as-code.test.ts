import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { testIo } from "../testing/io.js";
import { documentText } from "./document-text.js";
import { loadDocument } from "./read-document.js";
import { withoutSecrets } from "./source.js";
import { readYaml } from "./yaml-document.js";

const folder = mkdtempSync(join(tmpdir(), "stufio-as-code-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const io = testIo();
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const YAML = `version: 1
owner: billing
schedules:
  - name: a
    cron_expression: 0 9 * * *
    catch_up: { policy: none, window_seconds: 5 }
  - name: b
    payload:
      list: [1, { n: 2 }]
`;

describe("a YAML document", () => {
  it("is read with the place of each field", () => {
    const { schedules, owner, placeOf } = readYaml(YAML, "s.yaml");
    expect(owner).toBe("billing");
    expect(schedules).toMatchObject([{ cron_expression: "0 9 * * *" }, { payload: { list: [1, { n: 2 }] } }]);
    expect(placeOf("schedules.0.cron_expression")).toBe("s.yaml:5:22 schedules[0].cron_expression");
    expect(placeOf("schedules.0.catch_up.window_seconds")).toBe("s.yaml:6:47 schedules[0].catch_up.window_seconds");
    expect(placeOf("schedules.1.payload.list.1.n")).toBe("s.yaml:9:22 schedules[1].payload.list[1].n");
    // A missing field is at the entry that lacks it.
    expect(placeOf("schedules.1.topic")).toBe("s.yaml:7:5 schedules[1].topic");
    expect(placeOf("owner")).toBe("s.yaml:2:8 owner");
  });

  it("may use anchors and merge keys", () => {
    const { schedules } = readYaml(
      "owner: a\nschedules:\n  - &a { name: a, topic: t }\n  - { <<: *a, name: b }\n  - *a\n",
      "s.yaml",
    );
    expect(schedules).toEqual([
      { name: "a", topic: "t" },
      { name: "b", topic: "t" },
      { name: "a", topic: "t" },
    ]);
  });

  it.each([
    ["owner: a\nschedules: [\n", /^s\.yaml:3:1 is not valid YAML/],
    ["owner: a\nowner: b\nschedules: []", /^s\.yaml:2:1 is not valid YAML: Map keys must be unique/],
    ["owner: a\nschedules: [*none]", /^s\.yaml:2:13 is not valid YAML: No anchor &none before the alias \*none/],
    ["owner: a\nschedules: *none", /^s\.yaml:2:12 is not valid YAML: No anchor &none/],
    ["owner: a\nschedules: [{ <<: *none }]", /^s\.yaml:2:19 is not valid YAML: No anchor &none/],
    ["owner: a\nschedules: [*a, &a { name: b }]", /^s\.yaml:2:13 is not valid YAML: No anchor &a/],
    ["owner: a\nschedules: [&a { payload: { x: *a } }]", /^s\.yaml:2:32 is not a JSON value: The alias \*a is inside/],
    ["owner: a\nschedules: [{ <<: 3 }]", /^s\.yaml:1:1 is not valid YAML: Merge sources must be maps/],
    ["- a", /^s\.yaml:1:1 must be a map \(expected: owner and schedules\)/],
    [
      "owner: a\nshedules: []",
      /^s\.yaml:2:1 shedules: is not a known field \(expected: one of version, owner, schedules\)/,
    ],
    ["owner: a\nschedules: none", /^s\.yaml:2:12 schedules: must be a list/],
    ["owner: a", /^s\.yaml:1:1 schedules: must be a list \(expected: \[\] for no schedules\)/],
    [
      "owner: a\nschedules: [{ payload: { id: 9007199254740993 } }]",
      /^s\.yaml:2:30 9007199254740993 would lose digits/,
    ],
    ["owner: a\nschedules: [{ payload: { x: .inf } }]", /^s\.yaml:2:29 \.inf is not a JSON number/],
  ])("%j is refused with its place", (text, message) => {
    expect(() => readYaml(text, "s.yaml")).toThrow(message);
  });

  it("is read from a file, with its name as source, and from standard input", async () => {
    const path = file("schedules.yaml", YAML);
    const { body } = await loadDocument(io, path, { commit: "abc", repository: "acme/billing" });
    expect(body).toMatchObject({
      ...{ version: 1, owner: "billing" },
      source: { file: "schedules.yaml", commit: "abc", repository: "acme/billing" },
    });
    const input = await loadDocument(testIo({ input: YAML }), "-", { owner: "other" });
    expect(input.body.owner).toBe("other");
    expect(input.body.source).toBeUndefined();
  });

  it("needs an owner and a known version", async () => {
    await expect(loadDocument(io, file("a.yaml", "schedules: []"), {})).rejects.toThrow(/owner: is missing .*--owner/);
    await expect(loadDocument(io, file("b.yaml", "version: 2\nowner: a\nschedules: []"), {})).rejects.toThrow(
      /b\.yaml:1:10 version: is 2 \(expected: 1\)/,
    );
  });
});

describe("a module", () => {
  const client = fileURLToPath(new URL("../../../typescript/src/define.ts", import.meta.url));

  it("gives the schedules that it exports", async () => {
    const path = file(
      "schedules.ts",
      `import { defineSchedule } from ${JSON.stringify(client)};
       export const owner: string = "billing";
       export const one = defineSchedule({ name: "one", topic: "t", cron_expression: "0 9 * * *" });
       export const others = ["two", "three"].map((name) => defineSchedule({ name, cron_expression: "@daily" }));
       export const helper = { name: "no schedule" };`,
    );
    const { body, placeOf } = await loadDocument(io, path, {});
    expect(body.owner).toBe("billing");
    expect(body.schedules.map(({ name }) => name)).toEqual(["one", "two", "three"]);
    expect(JSON.stringify(body.schedules[0])).toBe('{"name":"one","topic":"t","cron_expression":"0 9 * * *"}');
    expect(placeOf("schedules.1.cron_expression")).toBe('schedules.ts "two" cron_expression');
  });

  it("may have the document as its default export, also without schedules", async () => {
    const path = file(
      "document.mts",
      `import { defineSchedules } from ${JSON.stringify(client)};
       export default defineSchedules({ owner: "billing", schedules: [] });`,
    );
    expect((await loadDocument(io, path, {})).body).toMatchObject({ owner: "billing", schedules: [] });
  });

  it.each([
    ["an-object", "{ one: {} }"],
    ["a-string", '"none"'],
    ["null", "null"],
  ])("whose schedules are %s instead of a list is refused", async (name, schedules) => {
    const path = file(`${name}.mjs`, `export default { owner: "billing", schedules: ${schedules} };`);
    await expect(loadDocument(io, path, {})).rejects.toThrow(
      `${name}.mjs schedules: must be a list (expected: [] for no schedules)`,
    );
  });

  it("that exports no schedule or fails is refused", async () => {
    await expect(loadDocument(io, file("none.js", "export const a = 1;"), {})).rejects.toThrow("exports no schedule");
    await expect(loadDocument(io, file("bad.js", "throw new Error('boom');"), {})).rejects.toThrow(
      "could not be run: boom",
    );
  });
});

it("a document is the same after it was written and read, in each format", () => {
  const document = {
    ...{ version: 1, owner: "a" },
    schedules: [
      {
        name: "yes",
        cron_expression: "*/5 * * * *",
        description: "a\nb: c # d",
        payload: { n: 1.5, t: "1e3", z: null },
      },
      { name: "2027-01-01", execution_time: "2027-01-01T00:00:00.000Z", tags: ["null", "0x1", ""] },
    ],
  };
  for (const format of ["table", "json", "ndjson"] as const) {
    const { version, owner, schedules } = readYaml(documentText(document, { format, url: "https://a.example" }), "x");
    expect({ version, owner, schedules }).toEqual(document);
  }
});

it.each([
  ["https://user:token@git.example/a/b.git", "https://git.example/a/b"],
  ["git@github.com:acme/billing.git", "git@github.com:acme/billing"],
])("the address %s is shown as %s", (remote, shown) => {
  expect(withoutSecrets(remote)).toBe(shown);
});
