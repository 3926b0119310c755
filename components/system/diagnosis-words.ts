import type { RouterOutputs } from "~/components/trpc/client";
import { reasonWords } from "./health-words";

export type Diagnosis = RouterOutputs["monitoring"]["diagnosis"];
type Health = RouterOutputs["monitoring"]["health"];
type StoredCheck = Diagnosis["checks"][number];
/** A check of the diagnosis, or a reason of the health check. */
export type DiagnosisCheck = Omit<StoredCheck, "part"> & { part: StoredCheck["part"] | "health" };

export const PART_LABELS: Record<DiagnosisCheck["part"], string> = {
  health: "Health:",
  redis: "Redis",
  clickhouse: "ClickHouse",
  bus: "Bus",
  web: "Web",
  worker: "Worker",
};

export const STATE_LABELS: Record<DiagnosisCheck["state"], string> = {
  ok: "OK",
  warning: "Warning",
  critical: "Critical",
  unknown: "Unknown",
};

const URGENCY: Record<DiagnosisCheck["state"], number> = { critical: 0, warning: 1, unknown: 2, ok: 3 };

/** The reasons of the health check as checks, so that a diagnosis shows an open breaker too. */
export function healthChecks(reasons: Health["reasons"]): DiagnosisCheck[] {
  return reasons.map((reason) => {
    const { title, detail, meaning } = reasonWords(reason);
    return { part: "health", name: title, state: reason.severity, value: detail, expected: null, advice: meaning };
  });
}

/** Critical checks first, then warnings, unknown checks and checks without a problem, each in the given order. */
export const byUrgency = (checks: readonly DiagnosisCheck[]): DiagnosisCheck[] =>
  checks.toSorted((a, b) => URGENCY[a.state] - URGENCY[b.state]);

/** "1 critical, 2 warnings"; null if no check has a problem. */
export function problemsInWords(checks: readonly DiagnosisCheck[]): string | null {
  const count = (state: DiagnosisCheck["state"]) => checks.filter((check) => check.state === state).length;
  const [critical, warnings] = [count("critical"), count("warning")];
  const parts = [
    critical === 0 ? "" : `${critical} critical`,
    warnings === 0 ? "" : `${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
  ];
  return parts.filter((part) => part !== "").join(", ") || null;
}

/** The diagnosis as text, for a bug report. */
export function diagnosisText({
  version,
  checkedAt,
  checks,
}: Omit<Diagnosis, "checks"> & { checks: readonly DiagnosisCheck[] }): string {
  const lines = checks.flatMap(({ part, name, state, value, expected, advice }) => [
    `[${state}] ${part} ${name}: ${value}${expected === null ? "" : ` (expected: ${expected})`}`,
    ...(advice === null ? [] : [`    ${advice}`]),
  ]);
  return [`Stufio Schedules ${version}, checked at ${checkedAt}`, ...lines, ""].join("\n");
}
