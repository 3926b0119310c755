import { OUTCOME_LABELS, OUTCOME_ORDER, type ShownOutcome } from "~/components/ui/outcome";

/** The strip as text: "Last 20 runs: 17 succeeded, 2 late, 1 dead. Latest: dead." `outcomes`: oldest first. */
export function describeRuns(outcomes: readonly ShownOutcome[]): string {
  const latest = outcomes.at(-1);
  if (!latest) return "No runs yet.";
  const counts = OUTCOME_ORDER.map((outcome) => ({
    outcome,
    count: outcomes.filter((one) => one === outcome).length,
  })).filter(({ count }) => count > 0);
  const words = counts.map(({ outcome, count }) => `${count} ${OUTCOME_LABELS[outcome].toLowerCase()}`).join(", ");
  const head = outcomes.length === 1 ? "Last run" : `Last ${outcomes.length} runs`;
  return `${head}: ${words}. Latest: ${OUTCOME_LABELS[latest].toLowerCase()}.`;
}
