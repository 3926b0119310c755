const WIDTH = 120;
const TITLE = { least: 12, most: 72 };
/** Applied migrations are known by their text, so theirs stays as it is. */
const CHECKED = /\.(ts|tsx|mjs|js|lua)$/;
const COMMENT = /^\s*(\/\/|\/\*|\*|--|\{\/\*)/;

/**
 * Comment lines that are wider than the code may be.
 * @param {string} path
 * @param {() => string} read
 * @returns {string[]} one line each: place, width, bound
 */
export function wideComments(path, read) {
  if (!CHECKED.test(path)) return [];
  return read()
    .split("\n")
    .flatMap((line, at) =>
      line.length > WIDTH && COMMENT.test(line)
        ? [`${path}:${at + 1}: the comment has ${line.length} columns; at most ${WIDTH}`]
        : [],
    );
}

/** The domain and the adapters are given the time and random values as arguments. */
const WITHOUT_CLOCK = /^server\/(?:domain|adapters)\/(?!.*(?:\.test\.ts$|\/testing\/|fixture|model))/;
const CLOCK = /\b(?:Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|randomBytes\(|randomFillSync\()/;

/**
 * Lines of the domain or an adapter that read a clock or random values. `performance.now` is allowed: it measures.
 * @param {string} path
 * @param {() => string} read
 * @returns {string[]} one line each: place, call
 */
export function clockReadings(path, read) {
  if (!WITHOUT_CLOCK.test(path)) return [];
  return read()
    .split("\n")
    .flatMap((line, at) => {
      const [call] = CLOCK.exec(line) ?? [];
      return call === undefined ? [] : [`${path}:${at + 1}: ${call}…) is read here; take it as an argument`];
    });
}

/**
 * Titles of commits that break the rules of CONTRIBUTING.
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
  if (title.length < TITLE.least || title.length > TITLE.most)
    return `the title has ${title.length} columns; ${TITLE.least} to ${TITLE.most}`;
  if (!/^\p{Lu}/u.test(title)) return "the title does not begin with a capital letter";
  if (title.endsWith(".")) return "the title ends with a full stop";
  const [first = ""] = title.split(" ");
  if (/(?:[^e]ed|ing)$/.test(first) && !/^(?:Bring|Embed|String|Ping)$/.test(first))
    return `"${first}" is no imperative: write what the commit does ("Add", not "Added")`;
  return null;
}
