/* Counts from the runners' JSON reports, for the last line of `npm test`. */

/** @typedef {{passed: number, failed: number, skipped: string[]}} Counts `skipped` has the names of skipped tests. */

/** @returns {Counts} */
export const noCounts = () => ({ passed: 0, failed: 0, skipped: [] });

/** Counts of vitest's JSON report. A file that cannot be loaded, or whose hook fails, is one failure. */
export function vitestCounts(report) {
  const counts = noCounts();
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

/** Counts of Playwright's JSON report. A test that passes only on a retry is a failure. */
export function playwrightCounts(report) {
  const counts = noCounts();
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
  // Errors outside tests: a spec that does not load, a stack that does not start.
  counts.failed += report.errors.length;
  return counts;
}

function withReason(name, test) {
  const reason = (test.annotations ?? []).find(({ type }) => type === "skip" || type === "fixme")?.description;
  return reason ? `${name}: ${reason}` : name;
}

/**
 * Adds one failure for a runner without a report, or with an error exit code but no failed test.
 */
export function finalCounts({ counts, exitCode }) {
  if (counts === null) return { ...noCounts(), failed: 1 };
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

export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
}
