import { z } from "zod";

/*
 * Default messages of input faults: the expected and the received value. Received strings are not shown, except where a
 * member of an enumeration is expected, because they may be passwords.
 */

type Issue = z.core.$ZodRawIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
  nan: "no number",
};
const FORMATS: Readonly<Record<string, string>> = {
  uuid: "a UUID",
  email: "an e-mail address",
  url: "a URL",
  datetime: "an ISO 8601 time with a zone",
};
const UNITS: Readonly<Record<string, [one: string, many: string]>> = {
  string: ["character", "characters"],
  array: ["item", "items"],
};
const MAX_SHOWN_LENGTH = 60;

/** The message that follows the field's name; undefined to use zod's text. */
function inputMessage(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return typeFault(issue);
    case "invalid_value":
      return `must be ${listOf(issue.values.map((value) => displayValue(value)))}, got ${displayValue(issue.input)}`;
    case "too_big":
      return sizeFault(issue, "at most", issue.maximum);
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "must not be empty";
      return sizeFault(issue, "at least", issue.minimum);
    case "invalid_format": {
      const format = FORMATS[issue.format];
      return format && `must be ${format}`;
    }
    case "invalid_key":
      return `the name ${issue.issues[0]?.message ?? "is not valid"}`;
    case "invalid_union":
      return unionFault(issue);
    default:
      return undefined;
  }
}

function typeFault({ expected, input }: Extract<Issue, { code: "invalid_type" }>): string | undefined {
  const wanted = KINDS[expected];
  if (wanted === undefined) return undefined;
  if (input === undefined) return `is required and must be ${wanted}`;
  if (expected === "int" && typeof input === "number") return `must be ${wanted}, got ${input}`;
  return `must be ${wanted}, got ${kindOf(input)}`;
}

function kindOf(input: unknown): string {
  if (typeof input === "number" && !Number.isFinite(input)) return String(input);
  const kind = input === null ? "null" : Array.isArray(input) ? "array" : typeof input;
  return KINDS[kind] ?? `a ${kind}`;
}

function sizeFault(
  { origin, input }: { origin: string; input?: unknown },
  bound: "at most" | "at least",
  limit: number | bigint,
): string | undefined {
  const unit = UNITS[origin];
  if (unit) return `must have ${bound} ${limit} ${unit[Number(limit) === 1 ? 0 : 1]}, got ${(input as string).length}`;
  return origin === "number" || origin === "int" ? `must be ${bound} ${limit}, got ${input}` : undefined;
}

/** The message of the first alternative that accepts the value's type, otherwise of the first alternative. */
function unionFault({ errors }: Extract<Issue, { code: "invalid_union" }>): string | undefined {
  const firsts = errors.flatMap((issues) => issues.slice(0, 1));
  const found = firsts.find(({ code, path }) => code !== "invalid_type" || path.length > 0) ?? firsts[0];
  return found?.message;
}

function listOf(values: readonly string[]): string {
  return values.length < 2 ? values.join() : `one of ${values.join(", ")}`;
}

function displayValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object") return kindOf(value);
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}

z.config({ customError: inputMessage });
