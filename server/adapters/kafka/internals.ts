import { createRequire } from "node:module";

/*
 * Parts of kafkajs that are replaced in the module cache or used directly, where its public interface is not enough
 * (docs/adr/0007). The version is pinned exactly. A missing part throws at start: without it messages would be
 * duplicated or reading would stop without an error.
 */

const require = createRequire(import.meta.url);

/** A part of kafkajs by its path in `src`. Throws if this version has none there. */
export function kafkajsPart<T>(path: string): T {
  try {
    return require(`kafkajs/src/${path}`);
  } catch (cause) {
    throw new Error(`kafkajs has no src/${path}: install the version that package.json pins`, { cause });
  }
}

/**
 * Replaces a part that kafkajs itself has not loaded yet; kafkajs loads its protocol modules with the first request.
 * Returns the original.
 */
export function replaceKafkajsPart<T>(path: string, replacement: (original: T) => T): T {
  const original = kafkajsPart<T>(path);
  const loaded = require.cache[require.resolve(`kafkajs/src/${path}`)];
  if (loaded === undefined) throw new Error(`kafkajs's src/${path} cannot be replaced: it is not in the module cache`);
  loaded.exports = replacement(original);
  return original;
}
