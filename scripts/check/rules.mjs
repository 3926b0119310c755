import { posix } from "node:path";

const MAX_COLUMNS = 120;
const TITLE_COLUMNS = { min: 12, max: 72 };
/** Without .sql, because the text of an applied migration must not change. */
const CHECKED = /\.(ts|tsx|mjs|js|lua)$/;
const COMMENT = /^\s*(\/\/|\/\*|\*|--|\{\/\*)/;

/**
 * Finds comment lines that are wider than the code limit.
 * @param {string} path
 * @param {() => string} read
 * @returns {string[]} one line each: place, width, limit
 */
export function wideComments(path, read) {
  if (!CHECKED.test(path)) return [];
  return read()
    .split("\n")
    .flatMap((line, at) =>
      line.length > MAX_COLUMNS && COMMENT.test(line)
        ? [`${path}:${at + 1}: the comment has ${line.length} columns; at most ${MAX_COLUMNS}`]
        : [],
    );
}

/** Files whose bytes are not text. */
const BINARY = /\.(png|ico|woff2?|zip|gz|wasm)$/;
const MERGE_MARK = /^(?:<{7}|>{7}|\|{7}) /;

/**
 * Finds the marks that git leaves in a file after a merge with conflicts.
 * @param {string} path
 * @param {() => string} read
 * @returns {string[]} one line each
 */
export function mergeMarks(path, read) {
  if (BINARY.test(path)) return [];
  return read()
    .split("\n")
    .flatMap((line, at) => (MERGE_MARK.test(line) ? [`${path}:${at + 1}: the mark of an unfinished merge`] : []));
}

const LAYERED = /^(?:server|worker)\/(?!.*\.test\.tsx?$).*\.tsx?$/;
const INLINE_TYPE = /\btypeof import\("|\bimport\("[^"]*"\)\.(?!then\b)/;

/**
 * Finds types written as `import("…").Name`, because the layer rules in biome.json do not check them.
 * @param {string} path
 * @param {() => string} read
 * @returns {string[]} one line each: place, remedy
 */
export function inlineTypeImports(path, read) {
  if (!LAYERED.test(path)) return [];
  return read()
    .split("\n")
    .flatMap((line, at) =>
      INLINE_TYPE.test(line) ? [`${path}:${at + 1}: import the type with an import statement, which Biome checks`] : [],
    );
}

/** The domain and the adapters without their tests and fixtures. */
const PURE = /^server\/(?:domain|adapters)\/(?!.*(?:\.test\.ts$|\/testing\/|fixture|model))/;
const CLOCK_OR_RANDOM =
  /\b(?:Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|randomBytes\(|randomFillSync\(|v[1467]\()/;

/**
 * Finds lines of the domain or an adapter that read a clock or random values. `performance.now` is allowed.
 * @param {string} path
 * @param {() => string} read
 * @returns {string[]} one line each: place, call
 */
export function clockAndRandomReads(path, read) {
  if (!PURE.test(path)) return [];
  return read()
    .split("\n")
    .flatMap((line, at) => {
      const [call] = CLOCK_OR_RANDOM.exec(line) ?? [];
      return call === undefined
        ? []
        : [`${path}:${at + 1}: ${call}…) reads a clock or random values; take them as an argument`];
    });
}

/**
 * Finds commit titles that break the rules in CONTRIBUTING.
 * @param {readonly string[]} titles
 * @returns {string[]} one line each: the title, the fault
 */
export function faultyTitles(titles) {
  return titles.flatMap((title) => {
    const fault = titleFault(title);
    return fault === null ? [] : [`commit "${title}": ${fault}`];
  });
}

function titleFault(title) {
  if (title.length < TITLE_COLUMNS.min || title.length > TITLE_COLUMNS.max)
    return `the title has ${title.length} columns; expected ${TITLE_COLUMNS.min} to ${TITLE_COLUMNS.max}`;
  if (!/^\p{Lu}/u.test(title)) return "the title does not begin with a capital letter";
  if (title.endsWith(".")) return "the title ends with a full stop";
  const [first = ""] = title.split(" ");
  // Words in -eed, such as "Feed", and the listed words are imperatives.
  if (/(?:[^e]ed|ing)$/.test(first) && !/^(?:Bring|Embed|String|Ping)$/.test(first))
    return `"${first}" is not an imperative: write "Add", not "Added"`;
  return null;
}

const SERVICES = "server/services/";
const IMPORT = /\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/g;

/**
 * Finds import cycles between folders of server/services. Files directly in server/services count as one folder.
 * Tests may import anything.
 * @param {readonly string[]} paths
 * @param {(path: string) => string} read
 * @returns {string[]} one line each: the folders, and for each step a file and its import
 */
export function serviceCycles(paths, read) {
  const sources = paths.filter((path) => path.startsWith(SERVICES) && /(?<!\.test)\.tsx?$/.test(path));
  /** Folder → imported folder → the first such import. */
  const edges = new Map();
  for (const path of sources) {
    const from = folderOf(path);
    for (const [, named, dynamic] of read(path).matchAll(IMPORT)) {
      const to = folderOf(resolved(path, named ?? dynamic), sources);
      if (to === null || to === from) continue;
      if (!edges.has(from)) edges.set(from, new Map());
      if (!edges.get(from).has(to)) edges.get(from).set(to, `${path} imports ${named ?? dynamic}`);
    }
  }
  const seen = new Set();
  return [...edges.keys()].sort().flatMap((start) => {
    const cycle = seen.has(start) ? null : shortestCycle(edges, start);
    if (cycle === null) return [];
    for (const folder of cycle) seen.add(folder);
    const steps = cycle.slice(1).map((to, i) => edges.get(cycle[i]).get(to));
    return [`server/services: a cycle of folders, ${cycle.join(" → ")}: ${steps.join("; ")}`];
  });
}

/** The path, without an extension, of an import in the file `path`; null for a package. */
function resolved(path, named) {
  if (named.startsWith("~/")) return named.slice(2);
  return named.startsWith(".") ? posix.join(posix.dirname(path), named) : null;
}

/**
 * The folder of server/services that contains a path; "." for files directly in server/services; null for other paths.
 * `sources` are needed for an import that names a folder instead of its index.ts.
 */
function folderOf(path, sources = []) {
  if (!path?.startsWith(SERVICES)) return null;
  const [folder, ...rest] = path.slice(SERVICES.length).split("/");
  const isFolder = rest.length > 0 || sources.some((source) => source.startsWith(`${SERVICES}${folder}/`));
  return isFolder ? folder : ".";
}

function shortestCycle(edges, start) {
  const paths = [[start]];
  const reached = new Set();
  // Breadth-first: the loop also visits the paths that it appends.
  for (const path of paths) {
    for (const to of [...(edges.get(path.at(-1))?.keys() ?? [])].sort()) {
      if (to === start) return [...path, to];
      if (reached.has(to)) continue;
      reached.add(to);
      paths.push([...path, to]);
    }
  }
  return null;
}
