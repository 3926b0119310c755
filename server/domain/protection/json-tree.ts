import { isLosslessNumber, parse, stringify } from "lossless-json";

/** A position in a JSON value: the names and indexes that lead to it. */
export type Location = readonly (string | number)[];

/** The last of repeated keys counts, like in `JSON.parse`. */
const LAST_OF_REPEATED = { onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue };

/** Parses JSON text and keeps its numbers as written. Throws `SyntaxError`. */
export const parseTree = (text: string): unknown => parse(text, null, LAST_OF_REPEATED);

/** The text of a tree of `parseTree`. */
export const treeText = (tree: unknown): string => stringify(tree) ?? "null";

/** Calls `visit` with each text and each number, as written, in `tree`. */
export function eachScalar(
  tree: unknown,
  visit: (scalar: string, location: Location) => void,
  at: Location = [],
): void {
  if (typeof tree === "string") visit(tree, at);
  else if (isLosslessNumber(tree)) visit(tree.value, at);
  else if (Array.isArray(tree)) for (const [index, item] of tree.entries()) eachScalar(item, visit, [...at, index]);
  else if (typeof tree === "object" && tree !== null) {
    for (const name of Object.keys(tree)) eachScalar((tree as Record<string, unknown>)[name], visit, [...at, name]);
  }
}

/** The value at a location; undefined if there is none. */
export function valueAt(tree: unknown, location: Location): unknown {
  let value = tree;
  for (const step of location) {
    const isPart = typeof value === "object" && value !== null && Object.hasOwn(value, step);
    if (!isPart || isLosslessNumber(value)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** Replaces the value at a location that exists. */
export function replaceAt(tree: unknown, location: Location, value: unknown): void {
  const parent = valueAt(tree, location.slice(0, -1)) as object;
  // An assignment to `__proto__` would change the prototype instead.
  Object.defineProperty(parent, location.at(-1) as string | number, {
    value,
    ...{ writable: true, enumerable: true, configurable: true },
  });
}

/** A location as text: `$.items[2].sku` with the root `$`. */
export function locationText(root: string, location: Location): string {
  return location.reduce<string>((path, step) => {
    if (typeof step === "number") return `${path}[${step}]`;
    return /^[A-Za-z_$][\w$]*$/.test(step) ? `${path}.${step}` : `${path}[${JSON.stringify(step)}]`;
  }, root);
}
