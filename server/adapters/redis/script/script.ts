import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Redis } from "../connection/redis-types";

/** A Lua file with the names of its keys and leading arguments. */
export interface Script<K extends string, A extends string> {
  readonly file: string;
  readonly keys: readonly K[];
  readonly args: readonly A[];
  readonly source: string;
  readonly sha: string;
}

const INCLUDE = /^-- @include (\S+)$/gm;

// A path, not a URL: bundlers treat `new URL(…, import.meta.url)` as an asset.
const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "../lua");

function load(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

/**
 * Loads `lua/<file>` and replaces its `-- @include` lines with files of `lua/includes`. In the script, `K.<key>` is a
 * key, `A.<argument>` an argument, `FIRST` the index of the first item in ARGV, and `EXTRA` the key that a call may
 * add.
 */
export function defineScript<const K extends string, const A extends string = never>(
  file: string,
  names: { keys: readonly K[]; args?: readonly A[] },
): Script<K, A> {
  const args = names.args ?? [];
  const prologue = [
    `local K = { ${names.keys.map((key, i) => `${key} = KEYS[${i + 1}]`).join(", ")} }`,
    `local A = { ${args.map((arg, i) => `${arg} = ARGV[${i + 1}]`).join(", ")} }`,
    `local FIRST = ${args.length + 1}`,
    `local EXTRA = KEYS[${names.keys.length + 1}]`,
  ].join("\n");
  const source = `${prologue}\n${load(file).replace(INCLUDE, (_, included: string) => load(`includes/${included}`))}`;
  return { file, keys: names.keys, args, source, sha: createHash("sha1").update(source).digest("hex") };
}

/** The line of clock.lua that reads the time. */
const READS_CLOCK = /^local now = /m;

/** The script on a virtual clock: adds the value of `offsetKey`, ms, to the time of Redis. */
export function onVirtualClock<K extends string, A extends string>(
  script: Script<K, A>,
  offsetKey: string,
): Script<K, A> {
  const offset = `tonumber(redis.call("GET", ${JSON.stringify(offsetKey)}) or 0)`;
  const source = script.source.replace(READS_CLOCK, () => `local now = ${offset} + `);
  return { ...script, source, sha: createHash("sha1").update(source).digest("hex") };
}

/** Runs a script with EVALSHA, or with EVAL if the server does not have the script. Returns the raw reply. */
export async function runScript<K extends string, A extends string>(
  redis: Redis,
  script: Script<K, A>,
  input: {
    keys: Readonly<Record<NoInfer<K>, string>>;
    args: Readonly<Record<NoInfer<A>, string | number | Buffer>>;
    items?: readonly (string | Buffer)[];
    /** The key `EXTRA` in the script. It must be in the slot of the other keys. */
    extraKey?: string;
  },
): Promise<unknown> {
  // One array, because a batch of spread arguments may exceed the limit of arguments of a call.
  const values: (string | number | Buffer)[] = [script.keys.length + (input.extraKey === undefined ? 0 : 1)];
  for (const key of script.keys) values.push(input.keys[key]);
  if (input.extraKey !== undefined) values.push(input.extraKey);
  for (const arg of script.args) values.push(input.args[arg]);
  const call = (command: "evalsha" | "eval", code: string) =>
    redis.call(command, ([code] as (string | number | Buffer)[]).concat(values, input.items ?? []));
  try {
    return await call("evalsha", script.sha);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return call("eval", script.source);
  }
}
