import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatNumber } from "~/components/ui/format";
import { SignalText } from "~/components/ui/signal-text";
import { Relative } from "~/components/ui/time";
import { loopPurpose } from "./loop-purposes";

type Worker = RouterOutputs["monitoring"]["engine"]["workers"][number];

const COLUMNS: readonly Column<Worker["loops"][number]>[] = [
  {
    id: "loop",
    header: "Loop",
    rowHeader: true,
    cell: ({ name }) => <span className="whitespace-nowrap font-mono text-xs">{name}</span>,
  },
  {
    id: "purpose",
    header: "Purpose",
    className: "sm:min-w-48",
    cell: ({ name }) => <span className="text-muted">{loopPurpose(name)}</span>,
  },
  {
    id: "tick",
    header: "Last tick",
    cell: ({ lastTickAt }) =>
      lastTickAt ? <Relative value={lastTickAt} /> : <span className="text-muted">Not yet</span>,
  },
  { id: "ticks", header: "Ticks", align: "right", cell: ({ ticks }) => formatNumber(ticks) },
  {
    id: "error",
    header: "Last error",
    className: "break-words sm:min-w-48",
    cell: ({ lastError, failuresInARow }) =>
      lastError ? (
        <span className="wrap-anywhere text-danger-ink">
          {lastError}
          {failuresInARow > 1 ? ` (${formatNumber(failuresInARow)} times in a row)` : ""}
        </span>
      ) : (
        <SignalText state="ok" className="font-normal text-xs">
          None
        </SignalText>
      ),
  },
];

export function LoopsTable({ worker }: { worker: Worker }) {
  return (
    <DataTable
      caption={`Loops of ${worker.workerId}`}
      className="rounded-none border-0 shadow-none"
      columns={COLUMNS}
      rows={worker.loops}
      rowId={({ name }) => name}
    />
  );
}
