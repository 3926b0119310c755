import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createKeys, createSharedKeys } from "~/server/adapters/redis/keys";
import { streamPrefix } from "~/server/adapters/redis/streams/streams-bus";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}${path}`, "utf8");

/** The code spans in the first column of a table. */
function codesOf(document: string, heading: string): string[] {
  const table = read(document).split(`\n| ${heading} |`)[1]?.split("\n\n")[0] ?? "";
  const cells = [...table.matchAll(/^\| (.+?) \| /gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code));
}

/** Every key in an object of keys. Functions are called with `<…>` for each argument. */
function keysIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "function") return keysIn(value(...Array(value.length).fill("<…>")));
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(keysIn) : [];
}

test("the key table has every key, and only existing keys", () => {
  const plain = (key: string) => key.replace(/\{(?:n|<…>)\}/, "{0}").replaceAll(/<[^>]+>/g, "<…>");
  // The table abbreviates the ten lanes as `P{n}:due:0` … `P{n}:due:9`.
  const abbreviated = /^P\{0\}:due:[1-8]$/;
  const stream = `${streamPrefix("P")}<…>`;
  const keys = [...keysIn([createKeys("P", 1), createSharedKeys("P")]), stream].map(plain);
  const listed = codesOf("docs/architecture.md", "key").map(plain);
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter((key) => !abbreviated.test(key) && !listed.includes(key))).toEqual([]);
  expect(listed.filter((key) => !keys.includes(key))).toEqual([]);
});

test("the loop table has every loop of a worker, and only existing loops", () => {
  const files = ["worker/worker.ts", ...readdirSync(`${ROOT}worker/loops`).map((file) => `worker/loops/${file}`)];
  const names = files
    .filter((file) => !file.endsWith(".test.ts"))
    .flatMap((file) => [...read(file).matchAll(/\bname(?:: | = )["`]([a-z-]+?)(?:\$\{(?:shard|index)\})?["`]/g)])
    // The table writes the number at the end of a name as `n`.
    .map(([, name = ""]) => (name.endsWith("-") ? `${name}n` : name));
  expect(codesOf("worker/README.md", "loop").toSorted()).toEqual(names.toSorted());
});
