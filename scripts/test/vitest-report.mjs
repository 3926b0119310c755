import { writeFileSync } from "node:fs";
import { relative } from "node:path";

/**
 * A vitest reporter that writes the outcome of each test to the file VITEST_REPORT. Vitest's JSON report has neither
 * the errors of the hooks of a suite nor the errors outside tests.
 */
export default class VitestReport {
  onInit(vitest) {
    this.root = vitest.config.root;
  }

  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly import("vitest/node").SerializedError[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    const files = modules.map((one) => this.fileOf(one));
    const errors = unhandled.map((error) => ({ ...this.placeOf(error), message: messageOf(error) }));
    writeFileSync(process.env.VITEST_REPORT, JSON.stringify({ files, errors }));
  }

  fileOf(module) {
    const suites = [module, ...module.children.allSuites()];
    return {
      file: relative(this.root, module.moduleId),
      isFailed: module.state() === "failed",
      errors: suites.flatMap((suite) =>
        suite.errors().map((error) => ({ path: pathOf(suite), message: messageOf(error) })),
      ),
      tests: [...module.children.allTests()].map((test) => ({ path: pathOf(test), ...outcomeOf(test) })),
    };
  }

  /** Vitest adds the file and the running test to an error outside tests, if it knows them. */
  placeOf({ VITEST_TEST_PATH: file, VITEST_TEST_NAME: test }) {
    return { ...(file && { file: relative(this.root, file) }), path: test ? [test] : [] };
  }
}

/** The names of the suites of a suite or test, and its own. */
function pathOf(task) {
  return task.type === "module" ? [] : [...pathOf(task.parent), task.name];
}

function outcomeOf(test) {
  const { state, errors = [] } = test.result();
  return {
    status: test.diagnostic()?.flaky ? "flaky" : state,
    message: errors.length > 0 ? messageOf(errors[0]) : undefined,
  };
}

function messageOf({ name, message }) {
  return name && message ? `${name}: ${message}` : message || name;
}
