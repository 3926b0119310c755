import type { FuzzReport } from "./run";

/** Whether the inputs caused no fault, such as a wrong canary second or a failed loop. */
export function isClean(report: FuzzReport): boolean {
  const { canary, loopsFailed, quarantined, unanswered, breachCount } = report;
  return canary.wrongSeconds.length + loopsFailed.length + quarantined + unanswered + breachCount === 0;
}

export function printFuzz(report: FuzzReport, print: (line: string) => void): void {
  const row = (name: string, ...values: (number | string)[]) =>
    print(`${name.padEnd(24)}${values.map((value) => String(value).padStart(12)).join("")}`);
  print("");
  row("border", "inputs", "accepted", "refused", "sent again");
  for (const [border, { sent, accepted, refused, again }] of Object.entries(report.borders))
    row(border, sent, accepted, refused, again);
  print("");
  row("seed", report.seed);
  row("seconds", report.seconds);
  row("canary occurrences", report.canary.expected);
  row("  missed or duplicate", report.canary.wrongSeconds.length);
  row("  maximum lateness, ms", report.canary.maxLatenessMs);
  row("loops failed", report.loopsFailed.length);
  row("quarantined", report.quarantined);
  row("never answered", report.unanswered);
  row("breaches", report.breachCount);
  for (const at of report.canary.wrongSeconds.slice(0, 10))
    print(`✗ the canary has no occurrence, or several, at ${new Date(at).toISOString()}`);
  for (const what of [...report.loopsFailed, ...report.breaches]) print(`✗ ${what}`);
}
