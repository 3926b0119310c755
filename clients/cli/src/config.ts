import { chmod, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { usageError } from "./exit.js";
import type { Io } from "./io.js";
import { FORMATS, type Format } from "./output/format.js";

/** A named installation. At most one of `apiKey` and `apiKeyFile` is set. */
export interface Profile {
  url: string;
  apiKey?: string;
  apiKeyFile?: string;
  zone?: string;
  output?: Format;
}

export interface Config {
  /** The profile that is used without `--profile`. */
  current: string | null;
  profiles: Record<string, Profile>;
}

/** The permissions of others, which the file must not have because it may contain API keys. */
const OTHERS = 0o077;
const PROFILE_NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/;
/** The names in the code, by the names in the file. */
const FIELDS = { url: "url", api_key: "apiKey", api_key_file: "apiKeyFile", zone: "zone", output: "output" } as const;

export function configPath(env: Io["env"]): string {
  const folder = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config");
  return join(folder, "stufio-schedules", "config.json");
}

/**
 * Reads the profiles; none if there is no file.
 * @throws CliError if the file cannot be read or is not valid or, except on Windows, if others have permissions on it
 */
export async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw usageError(`${path} could not be read: ${error.message}`);
  });
  if (text === null) return { current: null, profiles: {} };
  await refuseOpenFile(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of the parser quotes the text, which may contain a key.
    throw usageError(`${path} is not valid JSON`);
  }
  return configOf(value, path);
}

async function refuseOpenFile(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const { mode } = await stat(path);
  if ((mode & OTHERS) === 0) return;
  const shown = (mode & 0o777).toString(8);
  throw usageError(`${path} has the mode ${shown}, so others have access to its API keys`, `Run: chmod 600 ${path}`);
}

function configOf(value: unknown, path: string): Config {
  const fail = (field: string, expected: string) => usageError(`${path}: ${field} must be ${expected}`);
  if (!isObject(value)) throw fail("the file", 'a JSON object such as {"profiles": {}}');
  const { current = null, profiles = {}, ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw fail(unknown, "left out: the fields are current and profiles");
  if (!isObject(profiles)) throw fail("profiles", "an object of profiles by name");
  const read = Object.entries(profiles).map(
    ([name, profile]) =>
      [name, profileOf(profile, (field, expected) => fail(`profiles.${name}${field}`, expected))] as const,
  );
  if (current !== null && typeof current !== "string") throw fail("current", "the name of a profile");
  if (current !== null && !Object.hasOwn(profiles, current)) {
    throw fail("current", `the name of a profile of the file; "${current}" is none`);
  }
  return { current, profiles: Object.fromEntries(read) };
}

function profileOf(value: unknown, fail: (field: string, expected: string) => Error): Profile {
  if (!isObject(value)) throw fail("", 'an object such as {"url": "https://schedules.example.org"}');
  const profile: Record<string, string> = {};
  for (const [name, field] of Object.entries(value)) {
    const known = FIELDS[name as keyof typeof FIELDS];
    if (known === undefined) throw fail(`.${name}`, `left out: the fields are ${Object.keys(FIELDS).join(", ")}`);
    if (typeof field !== "string" || field === "") throw fail(`.${name}`, "a text that is not empty");
    profile[known] = field;
  }
  if (profile.url === undefined) throw fail(".url", "an address such as https://schedules.example.org");
  if (profile.apiKey !== undefined && profile.apiKeyFile !== undefined) {
    throw fail(".api_key", "left out if api_key_file is given");
  }
  const { output } = profile;
  if (output !== undefined && !(FORMATS as readonly string[]).includes(output)) {
    throw fail(".output", `one of ${FORMATS.join(", ")}`);
  }
  return profile as unknown as Profile;
}

/** Writes the profiles into a file that only its owner can read. */
export async function writeConfig(path: string, config: Config): Promise<void> {
  const profiles = Object.entries(config.profiles).map(([name, profile]) => [
    name,
    Object.fromEntries(Object.entries(FIELDS).map(([stored, field]) => [stored, profile[field]])),
  ]);
  const text = JSON.stringify({ current: config.current, profiles: Object.fromEntries(profiles) }, null, 2);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A crash must not leave half a file, and no moment may exist in which others can read it.
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${text}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

/** @throws CliError for a name that `profile set` does not accept */
export function requireProfileName(name: string): string {
  if (PROFILE_NAME.test(name)) return name;
  throw usageError(
    `The name "${name}" of a profile must have 1 to 64 letters, digits, ".", "_" and "-", and begin with a letter or digit`,
  );
}

/** @throws CliError if there is no such profile */
export function requireProfile(config: Config, name: string, path: string): Profile {
  const profile = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  if (profile !== undefined) return profile;
  const names = Object.keys(config.profiles);
  const known = names.length === 0 ? `${path} has no profiles` : `${path} has ${names.join(", ")}`;
  throw usageError(`There is no profile "${name}": ${known}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
