import { readFile } from "node:fs/promises";
import { configPath, type Profile, readConfig, requireProfile } from "./config.js";
import { usageError } from "./exit.js";
import { type Io, readInput } from "./io.js";

/** The options that decide where a command connects. Every command has them. */
export interface ConnectionOptions {
  profile?: string;
  url?: string;
  apiKeyFile?: string;
}

export interface Target {
  /** The name of the profile in use; null for none. */
  name: string | null;
  profile: Profile | null;
  url: string;
  /** Reads the key only when a command connects. */
  apiKey: () => Promise<string>;
}

export const DEFAULT_URL = "http://127.0.0.1:3000";

/**
 * Finds the installation: options, `--profile` included, come before the environment, and the environment before the
 * current profile.
 */
export async function findTarget(io: Io, options: ConnectionOptions): Promise<Target> {
  const { env } = io;
  const path = configPath(env);
  const config = await readConfig(path);
  const name = options.profile ?? (env.SCHEDULES_PROFILE || config.current);
  const profile = name === null ? null : requireProfile(config, name, path);
  const fromEnv = options.profile === undefined ? env.SCHEDULES_URL || undefined : undefined;
  const url = addressOf(options.url ?? fromEnv ?? profile?.url ?? DEFAULT_URL);
  return { name, profile, url, apiKey: () => readApiKey({ io, options, profile, url, name }) };
}

/** @throws CliError unless the text is an http or https address without a user and a password */
export function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageError(`The address "${text}" must begin with http:// or https://, such as ${DEFAULT_URL}`);
  }
  if (url.username !== "" || url.password !== "") throw usageError("The address must not contain a user or a password");
  return url.href.replace(/\/+$/, "");
}

async function readApiKey(call: {
  io: Io;
  options: ConnectionOptions;
  profile: Profile | null;
  url: string;
  name: string | null;
}): Promise<string> {
  const { io, options, profile, url, name } = call;
  if (options.apiKeyFile !== undefined) return keyOfFile(io, options.apiKeyFile);
  if (options.profile === undefined) {
    if (io.env.SCHEDULES_API_KEY) return keyOf(io.env.SCHEDULES_API_KEY, "SCHEDULES_API_KEY");
    if (io.env.SCHEDULES_API_KEY_FILE) return keyOfFile(io, io.env.SCHEDULES_API_KEY_FILE);
  }
  const hint =
    options.profile === undefined
      ? "Set SCHEDULES_API_KEY or SCHEDULES_API_KEY_FILE, pass --api-key-file, or add a profile with: profile set NAME"
      : "Pass --api-key-file, or set the profile with: profile set NAME. With --profile, SCHEDULES_API_KEY is not used.";
  if (profile === null) throw usageError("There is no API key", hint);
  // The key of one installation must not be sent to another.
  if (addressOf(profile.url) !== url) {
    throw usageError(`The API key of the profile "${name}" is only for ${profile.url}, not for ${url}`, hint);
  }
  if (profile.apiKey !== undefined) return keyOf(profile.apiKey, `The profile "${name}"`);
  if (profile.apiKeyFile !== undefined) return keyOfFile(io, profile.apiKeyFile);
  throw usageError(`The profile "${name}" has no API key`, hint);
}

async function keyOfFile(io: Io, path: string): Promise<string> {
  if (path === "-") return keyOf(await readInput(io), "Standard input");
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw usageError(`The API key could not be read from ${path}: ${error.message}`);
  });
  return keyOf(text, path);
}

/** Trims a key. The error does not show the text, which may be a mistyped key. */
export function keyOf(text: string, source: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw usageError(`${source} must contain an API key: printable ASCII without spaces`);
}
