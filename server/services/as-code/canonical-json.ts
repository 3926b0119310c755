import { isLosslessNumber, parse } from "lossless-json";

/**
 * The text of a JSON value without white space, with sorted keys and numbers in one spelling, for comparing payloads.
 * Text that gives one key two values stays as it is, because consumers read it differently.
 */
export function canonicalJson(text: string): string {
  try {
    return canonical(parse(text));
  } catch {
    return text;
  }
}

function canonical(value: unknown): string {
  if (isLosslessNumber(value)) return canonicalNumber(value.value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`;
}

function canonicalNumber(text: string): string {
  if (/^-?\d+$/.test(text)) return BigInt(text).toString();
  const number = Number(text);
  return Number.isFinite(number) ? String(number) : text;
}
