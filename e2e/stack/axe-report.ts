import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";
import { AXE_RESULT } from "../parts/accessibility";

/** Prints the numbers of checked combinations of page, state, theme and width, and of violations. */
export default class AxeReport implements Reporter {
  private combinations = 0;
  private violations = 0;

  onTestEnd(_test: TestCase, result: TestResult): void {
    for (const { type, description } of result.annotations) {
      if (type !== AXE_RESULT) continue;
      const [combinations = 0, violations = 0] = (description ?? "").split(" ").map(Number);
      this.combinations += combinations;
      this.violations += violations;
    }
  }

  onEnd(): void {
    if (this.combinations > 0) console.log(`axe: ${this.violations} violations over ${this.combinations} combinations`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
