import { isAbsolute, join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/* Counts from the runners' reports, for the last lines of `npm test`. */

/**
 * @typedef {{passed: number, failures: string[], skipped: string[]}} Counts
 * `failures` has one line for each failure: the test and its error. `skipped` has the names of skipped tests.
 */

/** An error message without a line end can be a whole page. */
const MAX_MESSAGE_LENGTH = 300;
const FLAKY = "passed only on a retry";

/** @returns {Counts} */
export const noCounts = () => ({ passed: 0, failures: [], skipped: [] });

/** Counts of the report of vitest-report.mjs. A test that passes only on a retry is a failure. */
export function vitestCounts(report) {
  const counts = noCounts();
  for (const { file, isFailed, errors, tests } of report.files) {
    const before = counts.failures.length;
    for (const { path, message } of errors) counts.failures.push(failureLine({ file, path, message }));
    for (const { path, status, message } of tests) {
      if (status === "passed") counts.passed += 1;
      else if (status === "failed") counts.failures.push(failureLine({ file, path, message }));
      else if (status === "flaky") counts.failures.push(failureLine({ file, path, message, note: FLAKY }));
      else counts.skipped.push(path.join(" "));
    }
    if (isFailed && counts.failures.length === before) counts.failures.push(failureLine({ file }));
  }
  for (const error of report.errors) counts.failures.push(failureLine({ file: "vitest", ...error }));
  return counts;
}

/** Counts of Playwright's JSON report. A test that passes only on a retry is a failure. */
export function playwrightCounts(report, root) {
  const counts = noCounts();
  const inRoot = (file) => (isAbsolute(file) ? relative(root, file) : file);
  const visit = (file, suite, path) => {
    for (const spec of suite.specs ?? []) {
      const specPath = [...path, spec.title];
      for (const test of spec.tests) {
        if (test.status === "expected") counts.passed += 1;
        else if (test.status === "skipped") counts.skipped.push(withReason([file, ...specPath].join(" "), test));
        else counts.failures.push(failureLine({ file, path: specPath, ...outcomeOf(test) }));
      }
    }
    for (const inner of suite.suites ?? []) visit(file, inner, [...path, inner.title]);
  };
  for (const suite of report.suites) visit(inRoot(join(report.config.rootDir, suite.file)), suite, []);
  // Errors outside tests: a spec that does not load, a stack that does not start.
  for (const { location, message, value } of report.errors) {
    const file = location?.file ? inRoot(location.file) : "Playwright";
    counts.failures.push(failureLine({ file, message: message ?? value }));
  }
  return counts;
}

function outcomeOf({ status, results }) {
  const errors = results.flatMap((result) => [...(result.errors ?? []), ...(result.error ? [result.error] : [])]);
  const error = errors.find(({ message, value }) => message || value);
  const ended = results.length > 0 ? `it ended as "${results.at(-1).status}"` : undefined;
  return { message: error?.message ?? error?.value ?? ended, note: status === "flaky" ? FLAKY : undefined };
}

function withReason(name, test) {
  const reason = (test.annotations ?? []).find(({ type }) => type === "skip" || type === "fixme")?.description;
  return reason ? `${name}: ${reason}` : name;
}

/**
 * One line for a failure. Every part but the file may be unknown.
 * @param {{file: string, path?: string[], message?: string, note?: string}} failure
 */
export function failureLine({ file, path = [], message = "", note }) {
  const place = [file, ...path].map(oneLine).filter(Boolean).join(" › ");
  const text = firstLine(message) || "no error was reported";
  return note ? `${place}: ${note}: ${text}` : `${place}: ${text}`;
}

/** Removes colours, and control characters, which could rewrite the terminal. */
const oneLine = (text) =>
  stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();

function firstLine(text) {
  const line = text.split(/\r?\n/).map(oneLine).find(Boolean) ?? "";
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)} …` : line;
}

/**
 * Adds one failure for a runner without a report, or with an error exit code but no failure in its report.
 */
export function finalCounts({ runner, counts, exitCode }) {
  const failed = (message) => [failureLine({ file: runner, message })];
  if (counts === null) return { ...noCounts(), failures: failed(`it ended with ${exitCode}, and wrote no report`) };
  if (exitCode === 0 || counts.failures.length > 0) return counts;
  return { ...counts, failures: failed(`it ended with ${exitCode}, and its report has no failure`) };
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failures: all.flatMap(({ failures }) => failures),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}

/**
 * The last lines of `npm test`. The failures come last, because readers of a CI log see only its end.
 * @param {Counts} counts
 */
export function closingLines({ passed, failures, skipped }) {
  return [
    ...skipped.map((name) => `skipped: ${name}`),
    ...failures.map((failure) => `failed: ${failure}`),
    `${passed} passed, ${failures.length} failed, ${skipped.length} skipped`,
  ];
}
