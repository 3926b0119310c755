/*
 * Kafka's headers are an ordered list of names and bytes; names may repeat, values may be binary or absent. Plain
 * headers, which nearly all messages have, contain only text and each name once, and are objects of strings. Other
 * headers are lists of pairs.
 */

/** A header of a list. Bytes that are not UTF-8 are in base64; null is Kafka's absent value. */
export type HeaderPair =
  | readonly [name: string, value: string | null]
  | readonly [name: string, value: string, encoding: "base64"];

export type PlainHeaders = Readonly<Record<string, string>>;
export type MessageHeaders = PlainHeaders | readonly HeaderPair[];

/** A header of a list, for the API and pages. */
export interface HeaderView {
  name: string;
  value: string | null;
  encoding: "text" | "base64";
}

/** The name under which `storedHeaders` puts the exact list. Plain headers never have an empty name. */
const LIST_NAME = "";

export function isHeaderList(headers: MessageHeaders): headers is readonly HeaderPair[] {
  return Array.isArray(headers);
}

/** The pairs as an object if it represents all of them, in the same order; otherwise the unchanged pairs. */
export function headersOf(pairs: readonly HeaderPair[]): MessageHeaders {
  const plain: Record<string, string> = {};
  for (const [name, value, encoding] of pairs) {
    if (value === null || encoding !== undefined || name === LIST_NAME || name === "__proto__") return pairs;
    // Objects enumerate integer names first, which would change the order.
    if (Object.hasOwn(plain, name) || (pairs.length > 1 && /^\d+$/.test(name))) return pairs;
    plain[name] = value;
  }
  return plain;
}

export function headerPairs(headers: MessageHeaders): readonly HeaderPair[] {
  return isHeaderList(headers) ? headers : Object.entries(headers);
}

/** The headers as an object, with the last value of a repeated name and bytes as `base64:…`. */
export function readableHeaders(headers: MessageHeaders): Record<string, string> {
  if (!isHeaderList(headers)) return headers;
  const readable = Object.create(null) as Record<string, string>;
  for (const [name, value, encoding] of headers) readable[name] = encoding ? `${encoding}:${value}` : (value ?? "");
  return { ...readable };
}

/** The headers for whose names `keep` returns true. */
export function filterHeaders(headers: MessageHeaders, keep: (name: string) => boolean): MessageHeaders {
  if (isHeaderList(headers)) return headersOf(headers.filter(([name]) => keep(name)));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => keep(name)));
}

/** The headers with `overrides` added. They replace headers with the same names. */
export function withHeaders(headers: MessageHeaders, overrides: PlainHeaders): MessageHeaders {
  if (!isHeaderList(headers)) return { ...headers, ...overrides };
  return [...headers.filter(([name]) => !Object.hasOwn(overrides, name)), ...Object.entries(overrides)];
}

/**
 * Headers as an object of strings, for Redis streams and ClickHouse. A list is stored twice: in readable form for other
 * programs, and exactly, as JSON under the empty name.
 */
export function storedHeaders(headers: MessageHeaders): PlainHeaders {
  if (!isHeaderList(headers)) return headers;
  return { ...readableHeaders(headers), [LIST_NAME]: JSON.stringify(headers) };
}

/** Reverses `storedHeaders`. A value that is no list, under the empty name, is a header of the sender. */
export function parseStoredHeaders(stored: PlainHeaders): MessageHeaders {
  const text = Object.hasOwn(stored, LIST_NAME) ? stored[LIST_NAME] : undefined;
  if (text === undefined) return stored;
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every(isPair)) return list;
  } catch {
    // Not JSON: a header of the sender.
  }
  return headersOf(Object.entries(stored));
}

function isPair(value: unknown): value is HeaderPair {
  if (!Array.isArray(value) || typeof value[0] !== "string" || value.length < 2 || value.length > 3) return false;
  if (value.length === 3) return value[2] === "base64" && typeof value[1] === "string";
  return value[1] === null || typeof value[1] === "string";
}

/** The readable `headers`, and the exact `headerList`; null if `headers` is exact. */
export function headersView(headers: MessageHeaders): {
  headers: Record<string, string>;
  headerList: HeaderView[] | null;
} {
  const list = isHeaderList(headers)
    ? headers.map(([name, value, encoding]): HeaderView => ({ name, value, encoding: encoding ?? "text" }))
    : null;
  return { headers: readableHeaders(headers), headerList: list };
}
