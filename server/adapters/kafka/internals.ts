import { createRequire } from "node:module";

/*
 * Where kafkajs's public interface is not enough (docs/adr/0007), parts of it are replaced in the module cache or used
 * directly. The version is pinned exactly. A part that is not where it was is an error at start: without it messages
 * would be doubled or reading would stop, and nobody would know.
 */

const require = createRequire(import.meta.url);

/** A part of kafkajs by its path in `src`. Throws where this version of kafkajs has none there. */
export function kafkajsPart<T>(path: string): T {
  try {
    return require(`kafkajs/src/${path}`);
  } catch (cause) {
    throw new Error(`kafkajs has no src/${path}: it must be the version that package.json pins`, { cause });
  }
}

/**
 * Puts a replacement where kafkajs will look for a part that it has not loaded yet: its protocol modules are loaded
 * with the first request. Returns the original.
 */
export function replaceKafkajsPart<T>(path: string, replacement: (original: T) => T): T {
  const original = kafkajsPart<T>(path);
  const loaded = require.cache[require.resolve(`kafkajs/src/${path}`)];
  if (loaded === undefined) throw new Error(`kafkajs's src/${path} cannot be replaced: it is not in the module cache`);
  loaded.exports = replacement(original);
  return original;
}
