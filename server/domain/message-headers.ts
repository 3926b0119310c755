/*
 * Kafka's headers are an ordered list of names and bytes: a name may come several times, a value need not be text, and
 * may be absent. Nearly all are plain: text, each name once. Those are an object of strings everywhere, and cost
 * nothing more. What is not plain is a list of pairs from the bus to the bus.
 */

/** A header of a list. Bytes that are not UTF-8 are in base64; null is Kafka's absent value. */
export type HeaderPair =
  | readonly [name: string, value: string | null]
  | readonly [name: string, value: string, encoding: "base64"];

export type PlainHeaders = Readonly<Record<string, string>>;
export type MessageHeaders = PlainHeaders | readonly HeaderPair[];

/** A header as API and pages show it, where the plain form does not say all. */
export interface HeaderView {
  name: string;
  value: string | null;
  encoding: "text" | "base64";
}

/**
 * No plain header has an empty name: where an object of strings must hold a list, the list is the value of this name.
 */
const LIST_NAME = "";

export function isHeaderList(headers: MessageHeaders): headers is readonly HeaderPair[] {
  return Array.isArray(headers);
}

/** The pairs as an object where that says the same: text, each name once, and in an order that an object keeps. */
export function headersOf(pairs: readonly HeaderPair[]): MessageHeaders {
  const plain: Record<string, string> = {};
  for (const [name, value, encoding] of pairs) {
    if (value === null || encoding !== undefined || name === LIST_NAME || name === "__proto__") return pairs;
    // An object has names that are whole numbers before all others.
    if (Object.hasOwn(plain, name) || (pairs.length > 1 && /^\d+$/.test(name))) return pairs;
    plain[name] = value;
  }
  return plain;
}

/** All headers one after the other. */
export function headerPairs(headers: MessageHeaders): readonly HeaderPair[] {
  return isHeaderList(headers) ? headers : Object.entries(headers);
}

/** For people and for reading a single header: of a name that comes twice the last, bytes as `base64:…`. */
export function readableHeaders(headers: MessageHeaders): Record<string, string> {
  if (!isHeaderList(headers)) return headers;
  const readable = Object.create(null) as Record<string, string>;
  for (const [name, value, encoding] of headers) readable[name] = encoding ? `${encoding}:${value}` : (value ?? "");
  return { ...readable };
}

/** Those whose names pass. */
export function filterHeaders(headers: MessageHeaders, keep: (name: string) => boolean): MessageHeaders {
  if (isHeaderList(headers)) return headersOf(headers.filter(([name]) => keep(name)));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => keep(name)));
}

/** `more` behind them, in the place of those of the same names. */
export function withHeaders(headers: MessageHeaders, more: PlainHeaders): MessageHeaders {
  if (!isHeaderList(headers)) return { ...headers, ...more };
  return [...headers.filter(([name]) => !Object.hasOwn(more, name)), ...Object.entries(more)];
}

/**
 * An object of strings, as a Redis stream's field and ClickHouse's column are. A list is in there twice: readable, for
 * whoever knows nothing of lists, and exactly, as JSON under the empty name.
 */
export function storedHeaders(headers: MessageHeaders): PlainHeaders {
  if (!isHeaderList(headers)) return headers;
  return { ...readableHeaders(headers), [LIST_NAME]: JSON.stringify(headers) };
}

/** The reverse of `storedHeaders`. An empty name that holds no list was somebody's own. */
export function parseStoredHeaders(stored: PlainHeaders): MessageHeaders {
  const text = Object.hasOwn(stored, LIST_NAME) ? stored[LIST_NAME] : undefined;
  if (text === undefined) return stored;
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every(isPair)) return list;
  } catch {
    // No JSON: somebody's own.
  }
  return headersOf(Object.entries(stored));
}

function isPair(value: unknown): value is HeaderPair {
  if (!Array.isArray(value) || typeof value[0] !== "string" || value.length < 2 || value.length > 3) return false;
  if (value.length === 3) return value[2] === "base64" && typeof value[1] === "string";
  return value[1] === null || typeof value[1] === "string";
}

/** `headers` readable; `headerList` exactly, and null where `headers` say all. */
export function headersView(headers: MessageHeaders): {
  headers: Record<string, string>;
  headerList: HeaderView[] | null;
} {
  const list = isHeaderList(headers)
    ? headers.map(([name, value, encoding]): HeaderView => ({ name, value, encoding: encoding ?? "text" }))
    : null;
  return { headers: readableHeaders(headers), headerList: list };
}
