import type { CanaryResult } from "./canary";
import type { Comparison, LedgerRow } from "./compare";
import type { FaultKind } from "./plan";
import type { PeriodSamples } from "./samples";

export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

export interface FaultLine {
  kind: FaultKind;
  /** Time since the start of the run, ms. */
  at: number;
  durationMs: number;
  /**
   * Time from the repair until no occurrence has been due for a second, none is held, and ClickHouse has nearly all
   * changes; null if the recovery took too long.
   */
  recovered_ms: number | null;
}

export interface FaultReport {
  seed: number;
  minutes: number;
  calls: number;
  /** Calls that were answered with an error. */
  failedCalls: number;
  comparison: Comparison;
  /** Descriptions of acknowledged data, such as a user or a setting, that was lost or changed. */
  deviations: readonly string[];
  /** Inputs that must be refused or dead-lettered: the number sent, and a description of each wrong result. */
  bad: { sent: number; wrong: readonly string[] };
  /** Null in a scenario, which has no canary. */
  canary: CanaryResult | null;
  /** Number of executions in the hourly roll-up. */
  rolledUp: number;
  ledgerRows: number;
  lateness: { quiet: Percentiles; fault: Percentiles };
  faults: FaultLine[];
  /** Measurements during each fault. */
  samples: PeriodSamples[];
  /** Lateness of scheduled (not caught-up) runs that were due shortly after a repair. */
  afterFaults: Percentiles & { max: number; count: number };
  /** Outcomes by catch-up policy, for a scenario with missed occurrences. */
  byPolicy: Record<string, Record<string, number>>;
}

/** A fault's start, its repair, and the end of the recovery. */
export interface FaultPeriod {
  fromMs: number;
  repairedMs: number;
  toMs: number;
}

/** Lateness of scheduled runs that were due within half a minute after a repair. A backlog must not delay them. */
export function latenessAfter(
  rows: readonly LedgerRow[],
  faultPeriods: readonly FaultPeriod[],
): FaultReport["afterFaults"] {
  const values = rows
    .filter((row) => row.outcome === "succeeded" && row.trigger === "schedule")
    .filter((row) =>
      faultPeriods.some(({ repairedMs }) => row.scheduledFor >= repairedMs && row.scheduledFor < repairedMs + 30_000),
    )
    .map((row) => row.latenessMs);
  return { ...percentiles(values), max: Math.max(0, ...values), count: values.length };
}

/** @param policyOf schedule id → catch-up policy */
export function outcomesByPolicy(
  rows: readonly LedgerRow[],
  policyOf: ReadonlyMap<string, string>,
): FaultReport["byPolicy"] {
  const found: FaultReport["byPolicy"] = {};
  for (const row of rows) {
    const policy = policyOf.get(row.scheduleId);
    if (policy === undefined) continue;
    found[policy] ??= {};
    const counts = found[policy];
    const label = row.outcome === "skipped" ? `skipped: ${row.reason}` : `${row.outcome}: ${row.trigger}`;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return found;
}

/** Lateness of succeeded planned runs, ms, separately for runs that were due during a fault or a recovery. */
export function latenessByFault(
  rows: readonly LedgerRow[],
  faultPeriods: readonly { fromMs: number; toMs: number }[],
): FaultReport["lateness"] {
  const quiet: number[] = [];
  const fault: number[] = [];
  for (const row of rows) {
    // The lateness of a caught-up run depends on the length of the outage.
    if (row.outcome !== "succeeded" || ["manual", "replay", "catch_up"].includes(row.trigger)) continue;
    // A run that was due up to a second before the fault may still have been in flight when the fault began.
    const inFault = faultPeriods.some(
      ({ fromMs, toMs }) => row.scheduledFor >= fromMs - 1000 && row.scheduledFor <= toMs,
    );
    (inFault ? fault : quiet).push(row.latenessMs);
  }
  return { quiet: percentiles(quiet), fault: percentiles(fault) };
}

function percentiles(values: number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (fraction: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * fraction) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/**
 * Whether the run found no broken guarantee. An occurrence may appear twice on the bus with the same event id.
 */
export function areGuaranteesKept(
  report: Pick<FaultReport, "comparison" | "rolledUp" | "ledgerRows" | "deviations" | "bad" | "canary">,
): boolean {
  const { comparison, rolledUp, ledgerRows, deviations, bad, canary } = report;
  if (bad.wrong.length + (canary?.wrongSeconds.length ?? 0) > 0) return false;
  const { lost, doubledLedger, unexplained, doubledWithoutId } = comparison;
  return lost + doubledLedger + unexplained + doubledWithoutId + deviations.length === 0 && rolledUp === ledgerRows;
}

export function printReport(report: FaultReport, print: (line: string) => void): void {
  const { comparison: c, lateness } = report;
  const row = (name: string, value: number | string) => print(`${name.padEnd(34)}${String(value).padStart(12)}`);
  print("");
  row("expected", c.expected);
  row("succeeded", c.succeeded);
  row(
    "  by number of attempts",
    Object.entries(c.attempts)
      .map(([n, count]) => `${n}: ${count}`)
      .join(", "),
  );
  row("late (above 30 s)", c.late);
  row("expired", c.expired);
  row("cancelled", c.cancelled);
  for (const [reason, count] of Object.entries(c.skipped)) row(`skipped: ${reason}`, count);
  row("dead", c.dead);
  row("lost", c.lost);
  row("lost, last second before a wipe", c.lostByWipe);
  row("doubled in the ledger", c.doubledLedger);
  row("doubled on the bus", c.doubledBus);
  row("published under several event_ids", c.doubledWithoutId);
  row("unexplained", c.unexplained);
  row("user, key, setting, name not kept", report.deviations.length);
  row("bad inputs sent / wrong outcomes", `${report.bad.sent} / ${report.bad.wrong.length}`);
  if (report.canary) {
    row("canary outside faults: due / wrong", `${report.canary.expected} / ${report.canary.wrongSeconds.length}`);
  }
  row("ledger rows / in the roll-up", `${report.ledgerRows} / ${report.rolledUp}`);
  row("calls / answered with an error", `${report.calls} / ${report.failedCalls}`);
  for (const [name, p] of Object.entries(lateness)) {
    row(`lateness ${name}, ms: p50, p95, p99`, `${p.p50}, ${p.p95}, ${p.p99}`);
  }
  print("");
  report.faults.forEach((fault, i) => {
    const recovered = fault.recovered_ms === null ? "not recovered in time" : `recovered in ${fault.recovered_ms} ms`;
    print(
      `${seconds(fault.at).padStart(8)}  ${fault.kind.padEnd(16)} for ${seconds(fault.durationMs).padStart(7)}  ${recovered}`,
    );
    const samples = report.samples[i];
    if (samples && fault.durationMs > 5000) print(`          ${describeSamples(samples)}`);
  });
  const after = report.afterFaults;
  print(
    `lateness of ${after.count} runs due after a repair, ms: p50 ${after.p50}, p95 ${after.p95}, p99 ${after.p99}, maximum ${after.max}`,
  );
  for (const [policy, counts] of Object.entries(report.byPolicy)) {
    print(
      `catch_up ${policy}: ${Object.entries(counts)
        .map(([what, n]) => `${what} ${n}`)
        .join(", ")}`,
    );
  }
  const canaryFaults = (report.canary?.wrongSeconds ?? []).map(
    (at) => `the canary has no occurrence, or several, at ${clock(at)}`,
  );
  const wrong = [...report.deviations, ...report.bad.wrong, ...canaryFaults, ...c.wrong].slice(
    0,
    MAX_PRINTED_DEVIATIONS,
  );
  if (wrong.length > 0) print("");
  for (const what of wrong) print(`✗ ${what}`);
}

const describeSamples = (one: PeriodSamples) =>
  `published ${one.slowest} to ${one.median} a second (slowest, median), held up to ${one.held}, outbox up to ${one.outbox}, oldest due ${one.overdueMs} ms`;

const MAX_PRINTED_DEVIATIONS = 60;
const clock = (ms: number) => new Date(ms).toISOString();
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** The text that `--json` writes. */
export function reportJson(report: FaultReport): string {
  const { comparison: c } = report;
  return JSON.stringify(
    {
      expected: c.expected,
      succeeded: c.succeeded,
      lost: c.lost,
      lost_by_wipe: c.lostByWipe,
      doubled_ledger: c.doubledLedger,
      doubled_bus: c.doubledBus,
      unexplained: c.unexplained,
      not_kept: report.deviations,
      bad_inputs: report.bad,
      canary: report.canary,
      lateness_ms: report.lateness,
      faults: report.faults.map(({ kind, at, recovered_ms }) => ({ kind, at, recovered_ms })),
    },
    null,
    2,
  );
}
