import { describe, expect, it } from "vitest";
import {
  clockAndRandomReads,
  faultyTitles,
  inlineTypeImports,
  mergeMarks,
  serviceCycles,
  wideComments,
} from "./rules.mjs";

const long = "x".repeat(120);

describe("the rule on the width of comments", () => {
  it.each([`// ${long}`, `  * ${long}`, `/** ${long} */`, `-- ${long}`, `  {/* ${long} */}`])("refuses %s", (line) => {
    expect(wideComments("a.ts", () => `const a = 1;\n${line}\n`)).toEqual([
      `a.ts:2: the comment has ${line.length} columns; at most 120`,
    ]);
  });

  it.each([`// ${"x".repeat(117)}`, `const text = "${long}";`])("accepts %s", (line) => {
    expect(wideComments("a.ts", () => line)).toEqual([]);
  });

  it("ignores applied migrations, whose text must not change", () => {
    expect(wideComments("server/adapters/clickhouse/migrations/0001_a.sql", () => `-- ${long}`)).toEqual([]);
  });
});

describe("the rule on marks of merges", () => {
  it("refuses the marks before and after a conflict, also in documents", () => {
    const text = [`${"<".repeat(7)} HEAD`, "a", "=======", "b", `${">".repeat(7)} other`].join("\n");
    expect(mergeMarks("docs/a.md", () => text)).toEqual([
      "docs/a.md:1: the mark of an unfinished merge",
      "docs/a.md:5: the mark of an unfinished merge",
    ]);
  });

  it("accepts underlined titles, and reads no pictures", () => {
    expect(mergeMarks("a.md", () => "Title\n=======\n")).toEqual([]);
    expect(mergeMarks("a.png", () => `${"<".repeat(7)} HEAD`)).toEqual([]);
  });
});

describe("the rule on the clock and random values", () => {
  it.each([
    "const now = Date.now();",
    "  return new Date();",
    "Math.random()",
    "id: randomUUID(),",
    "const id = v7();",
  ])("refuses them in the domain and the adapters: %s", (line) => {
    for (const path of ["server/domain/a.ts", "server/adapters/redis/a.ts"])
      expect(clockAndRandomReads(path, () => `\n${line}`)).toEqual([expect.stringMatching(`^${path}:2: `)]);
  });

  it("accepts them in tests and in other layers, and the measuring of durations everywhere", () => {
    expect(clockAndRandomReads("server/domain/a.ts", () => "performance.now(); new Date(ms);")).toEqual([]);
    for (const path of ["server/clock.ts", "server/domain/a.test.ts", "server/adapters/redis/testing/a.ts"])
      expect(clockAndRandomReads(path, () => "Date.now()")).toEqual([]);
  });
});

describe("the rule on types of other modules", () => {
  it.each(['type A = import("~/server/adapters/redis/keys").Keys;', 'const a: typeof import("./b") = b;'])(
    "refuses inline imports in server and worker: %s",
    (line) => {
      for (const path of ["server/services/a.ts", "worker/a.ts"])
        expect(inlineTypeImports(path, () => `\n${line}`)).toEqual([expect.stringMatching(`^${path}:2: `)]);
    },
  );

  it("accepts inline imports in tests, and dynamic imports of modules", () => {
    expect(inlineTypeImports("server/a.test.ts", () => 'type A = import("b").C;')).toEqual([]);
    for (const line of ['const { b } = await import("./b");', 'import("./b").then(use);'])
      expect(inlineTypeImports("server/a.ts", () => line)).toEqual([]);
  });
});

describe("the rule on the titles of commits", () => {
  it.each(["Added a column", "Adding a column to it", "add a column to it", "Add a column.", "Fix it", `Add ${long}`])(
    "refuses %s",
    (title) => {
      expect(faultyTitles([title])).toHaveLength(1);
    },
  );

  it.each([
    "Add a column to executions",
    "Feed the recorder in batches",
    "Bring back the old order",
    "Embed the zones",
  ])("accepts %s", (title) => {
    expect(faultyTitles([title])).toEqual([]);
  });
});

describe("the folders of server/services", () => {
  const cycles = (files: Record<string, string>) =>
    serviceCycles(
      Object.keys(files).map((path) => `server/services/${path}`),
      (path) => files[path.slice("server/services/".length)] ?? "",
    );

  it("must not have import cycles, types included", () => {
    const files = {
      "access/users.ts": 'import { keep } from "~/server/services/documents/keep";',
      "documents/keep.ts": 'import type { Lock } from "../firing/lock";',
      "firing/lock.ts": 'import { restore } from "../access";',
      "access/index.ts": 'export { restore } from "./users";',
    };
    expect(cycles(files)).toEqual([
      "server/services: a cycle of folders, access → documents → firing → access: " +
        "server/services/access/users.ts imports ~/server/services/documents/keep; " +
        "server/services/documents/keep.ts imports ../firing/lock; server/services/firing/lock.ts imports ../access",
    ]);
  });

  it("must not form a cycle with a file directly in server/services", () => {
    const files = {
      "audit.ts": 'import { kept } from "./schedules/in-doubt";',
      "schedules/in-doubt.ts": 'const { audit } = await import("../audit");',
    };
    expect(cycles(files)).toHaveLength(1);
  });

  it("may import files without a cycle, and tests may import anything", () => {
    const files = {
      "audit.ts": 'import { v7 } from "uuid";',
      "bulk/jobs.ts": 'import { audit } from "../audit"; import { findRow } from "../schedules/current";',
      "schedules/current.ts": 'import type { Row } from "~/server/domain/row"; import { audit } from "../audit";',
      "schedules/current.test.ts": 'import { newJob } from "../bulk/jobs";',
    };
    expect(cycles(files)).toEqual([]);
  });
});
