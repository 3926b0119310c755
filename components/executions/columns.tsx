import { displayName, displayParts } from "~/components/schedules/display-name";
import { EXECUTION_COLUMNS } from "~/components/schedules/execution-columns";
import type { Column } from "~/components/tables/column";
import { Link } from "~/components/ui/link";
import type { ExecutionRow } from "~/server/domain/views";

const SCHEDULE: Column<ExecutionRow> = {
  id: "schedule",
  header: "Schedule",
  rowHeader: true,
  cell: (row) => <ScheduleCell row={row} />,
};

function ScheduleCell({ row }: { row: ExecutionRow }) {
  const { title, entityId } = displayParts(row);
  const details = entityId === null ? row.topic : `${entityId} · ${row.topic}`;
  return (
    <div className="min-w-0 sm:max-w-52 sm:@min-[72rem]:max-w-64">
      <Link
        href={`/schedules/${row.scheduleId}`}
        className="block rounded hover:underline max-sm:wrap-anywhere sm:truncate"
        title={displayName(row)}
      >
        {title}
      </Link>
      <span className="block truncate font-mono text-muted text-xs" title={details}>
        {details}
      </span>
    </div>
  );
}

// Without the version, because versions of different schedules cannot be compared.
const [scheduledFor, ...others] = EXECUTION_COLUMNS.filter(({ id }) => id !== "version");

/** Columns for executions of all schedules. The schedule is the first column and stays visible when scrolling. */
export const ALL_EXECUTION_COLUMNS: readonly Column<ExecutionRow>[] = [
  SCHEDULE,
  ...(scheduledFor ? [{ ...scheduledFor, rowHeader: false }] : []),
  ...others,
];
