import { headersOf, isHeaderList, type MessageHeaders } from "../message-headers";
import type { Protection } from "./compile";
import { eachScalar, type Location, locationText, parseTree, replaceAt, treeText } from "./json-tree";
import { MASK } from "./mask-text";

/** What a schedule or an execution publishes. `payload` is JSON text. */
export interface Content {
  payload: string;
  headers: MessageHeaders;
}

/** Content with `MASK` in place of protected values. `masked`: at most 100 of their paths, such as `$.card.number`. */
export interface MaskedContent extends Content {
  masked: string[];
}

/** Maximum number of values times patterns; each search takes some µs. Above it, the payload is masked as a whole. */
const MAX_SEARCHES = 50_000;
/** Maximum number of paths in an answer. */
const MAX_LISTED = 100;
const WHOLE: Location = [];

/** Masks the protected values of the content. */
export function maskContent(protection: Protection | null, content: Content): MaskedContent {
  if (protection === null) return { ...content, masked: [] };
  const payload = maskPayload(protection, content.payload);
  const headers = maskHeaders(protection, content.headers);
  return {
    payload: payload.text,
    headers: headers.headers,
    masked: [...payload.locations.map((one) => locationText("$", one)), ...headers.names].slice(0, MAX_LISTED),
  };
}

/** An empty payload, of a row without recorded content, stays empty. */
export function maskPayload(protection: Protection, text: string): { text: string; locations: Location[] } {
  if (text === "") return { text, locations: [] };
  const locations = maskedLocations(protection, text);
  if (locations[0]?.length === 0) return { text: JSON.stringify(MASK), locations };
  if (protection.paths.length + protection.patterns.length === 0) return { text, locations };
  // Write the text from the tree even without masks: the rules do not see the first of repeated members.
  const tree = parseTree(text);
  for (const location of locations) replaceAt(tree, location, MASK);
  return { text: treeText(tree), locations };
}

/** The outermost locations of protected values in JSON text; only `WHOLE` if the text cannot be examined. */
export function maskedLocations(protection: Protection, text: string): Location[] {
  const found = new Map<string, Location>();
  const add = (location: Location) => found.set(JSON.stringify(location), location);
  try {
    for (const location of locationsOfPaths(protection, JSON.parse(text))) add(location);
    for (const location of locationsOfPatterns(protection, text)) add(location);
  } catch {
    // Not JSON, nested too deep, or too many values.
    return [WHOLE];
  }
  return [...found.values()].filter((location) =>
    location.every((_, length) => length === 0 || !found.has(JSON.stringify(location.slice(0, length)))),
  );
}

/** Applies the paths to the value and to its member `payload`, which the value of a delayed message may have. */
function locationsOfPaths({ paths }: Protection, value: unknown): Location[] {
  if (paths.length === 0) return [];
  const hasPayload = typeof value === "object" && value !== null && Object.hasOwn(value, "payload");
  const inner = hasPayload ? (value as { payload: unknown }).payload : undefined;
  return paths.flatMap((path) => [
    ...path.query(value as never).nodes.map(({ location }) => location),
    ...(hasPayload ? path.query(inner as never).nodes.map(({ location }) => ["payload", ...location]) : []),
  ]);
}

function locationsOfPatterns({ patterns }: Protection, text: string): Location[] {
  if (patterns.length === 0) return [];
  const found: Location[] = [];
  let searches = 0;
  eachScalar(parseTree(text), (scalar, location) => {
    searches += patterns.length;
    if (searches > MAX_SEARCHES) throw new RangeError("The payload has too many values.");
    if (hasMatch(patterns, scalar)) found.push(location);
  });
  return found;
}

const hasMatch = (patterns: Protection["patterns"], text: string) =>
  patterns.some((pattern) => pattern.matcher(text).find());

/** Masks header values. `names`: the paths of the masked headers, such as `$headers.x-auth`. */
export function maskHeaders(
  protection: Protection,
  headers: MessageHeaders,
): { headers: MessageHeaders; names: string[] } {
  const names = new Set<string>();
  const masked = (name: string, value: string | null): boolean => {
    const isMasked = value !== null && isMaskedHeader(protection, name, value);
    if (isMasked) names.add(`$headers.${name}`);
    return isMasked;
  };
  if (isHeaderList(headers)) {
    const pairs = headers.map((pair) => (masked(pair[0], textOf(pair)) ? ([pair[0], MASK] as const) : pair));
    return { headers: names.size === 0 ? headers : headersOf(pairs), names: [...names] };
  }
  const entries = Object.entries(headers).map(([name, value]) => [name, masked(name, value) ? MASK : value] as const);
  return { headers: names.size === 0 ? headers : Object.fromEntries(entries), names: [...names] };
}

/** The text of a header, whose bytes may be given in base64. */
function textOf([, value, encoding]: readonly [string, string | null, ("base64" | undefined)?]): string | null {
  return encoding === undefined || value === null ? value : atob(value);
}

export function isMaskedHeader({ headers, patterns }: Protection, name: string, value: string): boolean {
  return headers.has("*") || headers.has(name.toLowerCase()) || hasMatch(patterns, value);
}
