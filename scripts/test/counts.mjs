/*
 * True counts out of the runners' JSON reports: what a runner says on the screen is for people, this is for the last
 * line.
 */

/** @typedef {{passed: number, failed: number, skipped: string[]}} Counts `skipped` has the names. */

/** @returns {Counts} */
export const nothing = () => ({ passed: 0, failed: 0, skipped: [] });

/** Counts of `vitest --reporter=json`. A file that could not be loaded, or whose hook failed, is one failure. */
export function vitestCounts(report) {
  const counts = nothing();
  for (const file of report.testResults) {
    let failedHere = 0;
    for (const { status, fullName } of file.assertionResults) {
      if (status === "passed") counts.passed += 1;
      else if (status === "failed") failedHere += 1;
      else counts.skipped.push(fullName);
    }
    if (file.status === "failed" && failedHere === 0) failedHere = 1;
    counts.failed += failedHere;
  }
  return counts;
}

/** Counts of Playwright's JSON reporter. A test that passed only when it was repeated is a failure. */
export function playwrightCounts(report) {
  const counts = nothing();
  const visit = (suite, path) => {
    for (const spec of suite.specs ?? []) {
      const name = [...path, spec.title].join(" ");
      for (const test of spec.tests) {
        if (test.status === "expected") counts.passed += 1;
        else if (test.status === "skipped") counts.skipped.push(withReason(name, test));
        else counts.failed += 1;
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, [...path, inner.title]);
  };
  for (const suite of report.suites) visit(suite, [suite.title]);
  // Errors outside of any test: a spec that does not load, a stack that does not start.
  counts.failed += report.errors.length;
  return counts;
}

function withReason(name, test) {
  const reason = (test.annotations ?? []).find(({ type }) => type === "skip" || type === "fixme")?.description;
  return reason ? `${name}: ${reason}` : name;
}

/** What a run came to: a runner that ended with an error but reported none is one failure, so is one without report. */
export function judged({ counts, exitCode }) {
  if (counts === null) return { ...nothing(), failed: 1 };
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failed: all.reduce((total, { failed }) => total + failed, 0),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}

/** The closing line. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
}
