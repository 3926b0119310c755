import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createKeys } from "~/server/adapters/redis/keys";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}${path}`, "utf8");

/** The first cells of a table's rows, as their code. */
function codesOf(document: string, heading: string): string[] {
  const table = read(document).split(`\n| ${heading} |`)[1]?.split("\n\n")[0] ?? "";
  const cells = [...table.matchAll(/^\| (.+?) \| /gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code));
}

test("the table of keys has every key of the hot tier", () => {
  const { shards, copies, answer, breakers, wake, name } = createKeys("P", 1);
  const [shard] = shards;
  const lanes = ["P{0}:due:0", "P{0}:due:9", "P{0}:due:c"];
  const keys = [...Object.values(shard ?? {}), answer(0, "<digest>"), breakers, wake, name("<name>"), ...lanes];
  const listed = codesOf("docs/architecture.md", "key").map((code) => code.replace("{n}", "{0}"));
  const between = /^P\{0\}:due:[1-8]$/;
  expect(keys.filter((key) => !between.test(key) && !listed.includes(key))).toEqual([]);
  expect(Object.values(copies).filter(({ rows }) => !listed.includes(rows))).toEqual([]);
  const ofShard = listed.filter((code) => code.startsWith("P{0}:"));
  expect(ofShard.filter((code) => !keys.includes(code))).toEqual([]);
});

test("the table of keys has every key that services name themselves", () => {
  const files = readdirSync(`${ROOT}server`, { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => /^(services|trpc)\/.*\.ts$/.test(file) && !file.endsWith(".test.ts"));
  const named = sources.flatMap((file) =>
    [...read(`server/${file}`).matchAll(/`\$\{(?:\w+\.)*prefix\}(\w+)/g)].map(([, key]) => `P${key}`),
  );
  expect(named.length).toBeGreaterThan(5);
  const listed = codesOf("docs/architecture.md", "key").map((code) => /^P\w+/.exec(code)?.[0]);
  expect([...new Set(named)].filter((key) => !listed.includes(key))).toEqual([]);
});

test("the table of loops has the loops of a worker, and no others", () => {
  const files = ["worker/worker.ts", ...readdirSync(`${ROOT}worker/loops`).map((file) => `worker/loops/${file}`)];
  const names = files
    .filter((file) => !file.endsWith(".test.ts"))
    .flatMap((file) => [...read(file).matchAll(/\bname(?:: | = )["`]([a-z-]+?)(?:\$\{shard\})?["`]/g)])
    .map(([, name = ""]) => (name.endsWith("-") ? `${name}n` : name));
  expect(codesOf("worker/README.md", "loop").toSorted()).toEqual(names.toSorted());
});
