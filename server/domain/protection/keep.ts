import { AppError, type FieldFault } from "../errors";
import { readableHeaders } from "../message-headers";
import type { Protection } from "./compile";
import { eachScalar, type Location, locationText, parseTree, replaceAt, treeText, valueAt } from "./json-tree";
import { type Content, isMaskedHeader, maskedLocations, maskHeaders, maskPayload } from "./mask";
import { MASK } from "./mask-text";

/** Content with the rules that protect it. */
export interface Protected {
  content: Content;
  protection: Protection | null;
}

/** Content that a caller sends. `payload` is JSON text. */
interface Given {
  payload: string;
  headers: Readonly<Record<string, string>>;
}

/**
 * Replaces each mask in content that a caller sends by the stored value of the same path, so that a caller who sees
 * masks can send the content back.
 *
 * @param input.protection the rules for the new content
 * @param input.stored the content that the caller has seen with masks; null for none
 * @param input.mayExpose whether stored values may get to places where the rules would not mask them
 * @throws AppError `validation_failed` for a mask without a stored value, for a mask in a list whose items were added,
 * removed or moved, and without `mayExpose` for a value that the rules would not mask
 */
export function keepMasked(input: {
  given: Given;
  protection: Protection | null;
  stored: Protected | null;
  mayExpose: boolean;
}): Given {
  const { given, protection, stored } = input;
  if (protection === null && (stored?.protection ?? null) === null) return given;
  return { payload: keepPayload(input), headers: keepHeaders(input) };
}

type Input = Parameters<typeof keepMasked>[0];

function keepPayload({ given, protection, stored, mayExpose }: Input): string {
  const known = stored?.protection ? maskPayload(stored.protection, stored.content.payload) : null;
  if (stored && known?.text === given.payload) {
    // The payload was sent back unchanged, so the stored text is kept byte for byte.
    if (!mayExpose) requireMasked(protection, stored.content.payload, known.locations);
    return stored.content.payload;
  }
  const tree = parseTree(given.payload);
  const places: Location[] = [];
  eachScalar(tree, (scalar, location) => {
    if (scalar === MASK) places.push(location);
  });
  if (places.length === 0) return given.payload;
  const kept = new Set(known?.locations.map((location) => JSON.stringify(location)));
  const faults = places
    .filter((location) => !kept.has(JSON.stringify(location)))
    .map((location) => withoutValue(locationText("payload", location)));
  if (faults.length > 0 || !stored || !known) throw refusal(faults);
  requireSameLists(tree, parseTree(known.text), places);
  const original = parseTree(stored.content.payload);
  for (const location of places) replaceAt(tree, location, valueAt(original, location));
  const text = treeText(tree);
  if (!mayExpose) requireMasked(protection, text, places);
  return text;
}

/**
 * Refuses masks in lists whose items were added, removed or moved: the stored value of a position could belong to
 * another item.
 */
function requireSameLists(given: unknown, known: unknown, places: readonly Location[]): void {
  const checked = new Set<string>();
  for (const place of places) {
    for (const [depth, step] of place.entries()) {
      const at = place.slice(0, depth);
      const path = locationText("payload", at);
      if (typeof step !== "number" || checked.has(path)) continue;
      checked.add(path);
      const [now, before] = [given, known].map((tree) => (valueAt(tree, at) as unknown[]).map(treeText));
      if (isSameList(now as string[], before as string[])) continue;
      throw refusal([
        {
          field: path,
          message: `has added, removed or moved items, so ${MASK} in it cannot be replaced by stored values`,
          expected: "the values themselves, or the items in their stored order",
        },
      ]);
    }
  }
}

/** Whether no item was added, removed or moved. A changed item counts as edited if no stored item equals it. */
function isSameList(now: readonly string[], before: readonly string[]): boolean {
  const known = new Set(before);
  return now.length === before.length && now.every((item, index) => item === before[index] || !known.has(item));
}

/** Refuses new content in which the rules would not mask a stored value. */
function requireMasked(protection: Protection | null, text: string, kept: readonly Location[]): void {
  const masked = new Set(
    (protection === null ? [] : maskedLocations(protection, text)).map((location) => JSON.stringify(location)),
  );
  const isMasked = (location: Location) =>
    [...location, null].some((_, length) => masked.has(JSON.stringify(location.slice(0, length))));
  const faults = kept.filter((one) => !isMasked(one)).map((one) => exposed(locationText("payload", one)));
  if (faults.length > 0) throw refusal(faults);
}

function keepHeaders({ given, protection, stored, mayExpose }: Input): Given["headers"] {
  const names = Object.keys(given.headers).filter((name) => given.headers[name] === MASK);
  if (names.length === 0) return given.headers;
  const seen = stored?.protection
    ? maskHeaders(stored.protection, stored.content.headers).headers
    : (stored?.content.headers ?? {});
  const shown = readableHeaders(seen);
  const original = stored ? readableHeaders(stored.content.headers) : {};
  const faults: FieldFault[] = [];
  const kept = names.map((name) => {
    const value = Object.hasOwn(original, name) ? (original[name] as string) : null;
    if (value === null || shown[name] !== MASK) faults.push(withoutValue(`headers.${name}`));
    else if (!mayExpose && !(protection && isMaskedHeader(protection, name, value))) {
      faults.push(exposed(`headers.${name}`));
    }
    return [name, value ?? MASK] as const;
  });
  if (faults.length > 0) throw refusal(faults);
  return { ...given.headers, ...Object.fromEntries(kept) };
}

const withoutValue = (field: string): FieldFault => ({
  field,
  message: `is ${MASK}, the mask of a protected value, but there is no stored value to keep`,
  expected: "the value itself",
});

const exposed = (field: string): FieldFault => ({
  field,
  message: "keeps a masked value, which the rules of the topic would not mask any more",
  expected: "another value, or the right payloads:read",
});

function refusal(faults: FieldFault[]): AppError {
  const [first] = faults;
  return new AppError("validation_failed", `${first?.field}: ${first?.message}`, { faults: faults.slice(0, 10) });
}
