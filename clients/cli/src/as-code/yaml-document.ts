import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { CliError } from "../exit.js";

/** A document of schedules as code, and the places of its parts in the file. */
export interface ReadDocument {
  version?: unknown;
  owner?: unknown;
  schedules: unknown;
  /** Where a field such as `schedules.3.cron_expression` is: `schedules.yaml:34:22 schedules[3].cron_expression`. */
  placeOf(field: string): string;
}

/** Many, because every schedule of a document may use an alias. */
const MAX_ALIASES = 100_000;
const MEMBERS = ["version", "owner", "schedules"];
export const NO_LIST = "schedules: must be a list (expected: [] for no schedules)";

/**
 * Reads YAML or JSON. `file` is the name of the file in errors.
 * @throws CliError with file, line and column
 */
export function readYaml(text: string, file: string): ReadDocument {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true, prettyErrors: false });
  const place = (offset: number | undefined) => {
    const { line, col } = lineCounter.linePos(offset ?? 0);
    return `${file}:${line}:${col}`;
  };
  const fail = (offset: number | undefined, message: string): never => {
    throw new CliError(`${place(offset)} ${message}`);
  };
  const [fault] = document.errors;
  if (fault !== undefined) fail(fault.pos[0], `is not valid YAML: ${fault.message}`);
  refuseUnusableAliases(document, fail);
  const { contents } = document;
  if (!isMap(contents)) {
    return fail(contents?.range?.[0], "must be a map (expected: owner and schedules)");
  }
  for (const { key } of contents.items) {
    const name = isScalar(key) ? String(key.value) : "";
    if (!MEMBERS.includes(name)) {
      fail((key as Node | null)?.range?.[0], `${name}: is not a known field (expected: one of ${MEMBERS.join(", ")})`);
    }
  }
  const schedules = contents.get("schedules", true) as Node | undefined;
  if (!isSeq(resolved(document, schedules))) {
    fail(schedules?.range?.[0] ?? contents.range?.[0], NO_LIST);
  }
  refuseInexactNumbers(document, fail);
  const value = contentOf(document, fail);
  return {
    version: value.version,
    owner: value.owner,
    schedules: value.schedules,
    placeOf(field) {
      const { offset, path } = locate(document, field.split("."));
      return `${place(offset)} ${path}`;
    },
  };
}

/** The parser accepts an alias without an anchor before it, and an alias inside the node of its anchor. */
function refuseUnusableAliases(document: Document, fail: (offset: number | undefined, message: string) => never): void {
  const anchors = new Map<string, Node>();
  visit(document, {
    Node(_, node, path) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const { range, source } = node;
      const anchored = anchors.get(source);
      if (anchored === undefined) {
        fail(range?.[0], `is not valid YAML: No anchor &${source} before the alias *${source}`);
      } else if (path.includes(anchored)) {
        fail(range?.[0], `is not a JSON value: The alias *${source} is inside the value that it stands for`);
      }
    },
  });
}

function contentOf(
  document: Document,
  fail: (offset: number | undefined, message: string) => never,
): Omit<ReadDocument, "placeOf"> {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // The error has no place.
    return fail(document.contents?.range?.[0], `is not valid YAML: ${(error as Error).message}`);
  }
}

/** JSON has no infinity, and JavaScript no exact large integers: both would change silently. */
function refuseInexactNumbers(document: Document, fail: (offset: number | undefined, message: string) => never): void {
  visit(document, {
    Scalar(_, { value, range, source }) {
      if (typeof value !== "number") return;
      if (!Number.isFinite(value)) fail(range?.[0], `${source} is not a JSON number (expected: a finite number)`);
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        fail(
          range?.[0],
          `${source} would lose digits (expected: below 2^53, a string, or the payload as JSON text in body)`,
        );
      }
    },
  });
}

const resolved = (document: Document, node: Node | null | undefined) =>
  isAlias(node) ? node.resolve(document) : (node ?? undefined);

/** Finds the deepest part of a path that the file has. */
function locate(document: Document, parts: readonly string[]): { offset: number | undefined; path: string } {
  let node: Node | undefined = resolved(document, document.contents as Node | null);
  let offset = node?.range?.[0];
  for (const part of parts) {
    if (!isCollection(node)) break;
    const next = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
      : node.items[Number(part)];
    if (next === undefined) break;
    const value = (isPair(next) ? next.value : next) as Node | null;
    offset = value?.range?.[0] ?? (isPair(next) ? (next.key as Node).range?.[0] : offset);
    node = resolved(document, value);
  }
  const path = parts.map((part, at) => (/^\d+$/.test(part) ? `[${part}]` : `${at === 0 ? "" : "."}${part}`)).join("");
  return { offset, path };
}
