/** A text, or a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;

/** Parses JSON. An integer beyond `Number.MAX_SAFE_INTEGER`, also negative, becomes a `bigint`. */
export function parseJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const mark = newMark();
  const isUnsafe = (token: string) => LONG_INTEGER.test(token) && !Number.isSafeInteger(Number(token));
  const marked = text.replace(TOKEN, (token) => (isUnsafe(token) ? `"${mark}${token}"` : token));
  return JSON.parse(marked, (_, value) =>
    typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

/** Writes JSON. A `bigint` becomes an integer. */
export function stringifyJson(value: unknown, indent?: number): string {
  const mark = newMark();
  const toText = (_: string, inner: unknown) => (typeof inner === "bigint" ? `${mark}${inner}` : inner);
  return JSON.stringify(value, toText, indent).replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1");
}

/** The beginning of texts that stand for integers. No other text begins with it. */
const newMark = () => `${globalThis.crypto.randomUUID()}:`;
