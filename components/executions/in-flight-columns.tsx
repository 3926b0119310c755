import type { Column } from "~/components/tables/column";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { Relative } from "~/components/ui/time";
import type { InFlightExecution } from "~/server/domain/views";
import { ALL_EXECUTION_COLUMNS } from "./columns";

/** When the next attempt is due. For a held execution that can expire: when it expires. */
function Next({ row }: { row: InFlightExecution }) {
  const { status, dueAt: nextAttemptAt, heldUntil: heldExpiresAt } = row;
  if (status === "running") return <span className="text-muted">Being published</span>;
  if (status === "held") {
    if (heldExpiresAt === null) return <span className="whitespace-nowrap text-muted">When the topic recovers</span>;
    return (
      <span className="whitespace-nowrap text-muted">
        Expires <Relative value={heldExpiresAt} />
      </span>
    );
  }
  return <Relative value={nextAttemptAt} />;
}

const shared = (...ids: string[]): readonly Column<InFlightExecution>[] =>
  ALL_EXECUTION_COLUMNS.filter(({ id }) => ids.includes(id));

/** Columns for executions that have not ended. */
export const IN_FLIGHT_COLUMNS: readonly Column<InFlightExecution>[] = [
  ...shared("schedule", "scheduledFor"),
  { id: "state", header: "State", cell: (row) => <OutcomeBadge outcome={row.status} /> },
  { id: "due", header: "Due", hideBelow: "xl", cell: (row) => <Relative value={row.effectiveAt} /> },
  { id: "next", header: "Next attempt", cell: (row) => <Next row={row} /> },
  ...shared("attempts").map((column) => ({ ...column, card: undefined })),
  ...shared("trigger").map((column) => ({ ...column, hideBelow: "lg" as const, card: undefined })),
  ...shared("error"),
];
