import { createRequire } from "node:module";

/*
 * Parts of kafkajs that are replaced in the module cache or used directly (docs/adr/0007). The version is pinned
 * exactly. A missing part throws at start: without it, messages would be duplicated or reading would stop silently.
 */

const require = createRequire(import.meta.url);

/** The part of kafkajs at a path in `src`. Throws if this version has no such part. */
export function kafkajsPart<T>(path: string): T {
  try {
    return require(`kafkajs/src/${path}`);
  } catch (cause) {
    throw new Error(`kafkajs has no src/${path}: install the version that package.json pins`, { cause });
  }
}

/**
 * Replaces a part and returns the original. Must run before the first request, because kafkajs then loads its protocol
 * modules.
 */
export function replaceKafkajsPart<T>(path: string, replacement: (original: T) => T): T {
  const original = kafkajsPart<T>(path);
  const loaded = require.cache[require.resolve(`kafkajs/src/${path}`)];
  if (loaded === undefined) throw new Error(`kafkajs's src/${path} cannot be replaced: it is not in the module cache`);
  loaded.exports = replacement(original);
  return original;
}
