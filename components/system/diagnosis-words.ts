import type { RouterOutputs } from "~/components/trpc/client";

export type Diagnosis = RouterOutputs["monitoring"]["diagnosis"];
export type DiagnosisCheck = Diagnosis["checks"][number];

export const PART_LABELS: Record<DiagnosisCheck["part"], string> = {
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

/** The checks in their own order, those with a problem first. */
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
export function diagnosisText({ version, checkedAt, checks }: Diagnosis): string {
  const lines = checks.flatMap(({ part, name, state, value, expected, advice }) => [
    `[${state}] ${part} ${name}: ${value}${expected === null ? "" : ` (expected: ${expected})`}`,
    ...(advice === null ? [] : [`    ${advice}`]),
  ]);
  return [`Stufio Schedules ${version}, checked at ${checkedAt}`, ...lines, ""].join("\n");
}
