import { JSONPathEnvironment, type JSONPathQuery, jsonpath } from "json-p3";
import { RE2JS } from "re2js";
import { fieldError } from "../errors";
import { MAX_JSON_DEPTH } from "../json-text";
import type { ProtectionRule } from "./rule";

/** The compiled rules that apply to a topic. */
export interface Protection {
  paths: readonly JSONPathQuery[];
  /** Names of masked headers in lower case; `*` for all. */
  headers: ReadonlySet<string>;
  /** RE2 takes time linear in the text, so that no pattern and no payload can stall a process. */
  patterns: readonly RE2JS[];
}

const HEADER_PATH = /^\$headers\.(.+)$/;
/** Deep enough for a payload of `MAX_JSON_DEPTH` levels in the value of a delayed message. */
const environment = new JSONPathEnvironment({ maxRecursionDepth: MAX_JSON_DEPTH + 2 });

/** @throws AppError `validation_failed` that names the field, such as `paths[1]` */
export function compileRule(rule: Pick<ProtectionRule, "paths" | "patterns">): Protection {
  const headers = new Set<string>();
  const paths: JSONPathQuery[] = [];
  for (const [index, path] of rule.paths.entries()) {
    const header = HEADER_PATH.exec(path)?.[1];
    if (header === undefined) paths.push(compilePath(path, `paths[${index}]`));
    else headers.add(header.toLowerCase());
  }
  const patterns = rule.patterns.map((pattern, index) => compilePattern(pattern, `patterns[${index}]`));
  return { paths, headers, patterns };
}

function compilePath(path: string, field: string): JSONPathQuery {
  const expected = "a JSONPath (RFC 9535) such as $.card.* or $..iban, without filters, or $headers.<name>";
  const refused = (message: string) => fieldError("validation_failed", { field, message, expected });
  let query: JSONPathQuery;
  try {
    query = environment.compile(path);
  } catch (error) {
    throw refused(`is not a JSONPath: ${(error as Error).message}`);
  }
  if (query.segments.length === 0) throw refused("is the whole payload; $.* masks all its members");
  // A filter could run a regular expression that backtracks, and each `..` multiplies the work.
  const selectors = query.segments.flatMap((segment) => segment.selectors);
  if (selectors.some((one) => one instanceof jsonpath.selectors.FilterSelector)) throw refused("has a filter");
  const descents = query.segments.filter((segment) => segment.toString().startsWith(".."));
  if (descents.length > 1) throw refused("has more than one ..");
  return query;
}

function compilePattern(pattern: string, field: string): RE2JS {
  const expected = "a regular expression in RE2 syntax, without look-around and back-references";
  const refused = (message: string) => fieldError("validation_failed", { field, message, expected });
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    throw refused(`is not a regular expression: ${(error as Error).message}`);
  }
  if (compiled.matcher("").find()) throw refused("matches an empty text, so it would mask every value");
  return compiled;
}

/** All rules together; null if no rule masks anything. */
export function combined(parts: readonly Protection[]): Protection | null {
  const protection: Protection = {
    paths: parts.flatMap(({ paths }) => paths),
    headers: new Set(parts.flatMap(({ headers }) => [...headers])),
    patterns: parts.flatMap(({ patterns }) => patterns),
  };
  const { paths, headers, patterns } = protection;
  return paths.length + headers.size + patterns.length === 0 ? null : protection;
}
