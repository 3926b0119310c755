import type { RouterOutputs } from "~/components/trpc/client";
import { formatNumber } from "~/components/ui/format";
import { SignalText } from "~/components/ui/signal-text";
import { Table, TableBody, TableCell, TableColumns, TableRow, TableRowHeader } from "~/components/ui/table";
import { Relative } from "~/components/ui/time";
import { loopPurpose } from "./plain-words";

/** The loops of one worker: purpose, last tick, ticks, last error. */
export function LoopsTable({ worker }: { worker: RouterOutputs["monitoring"]["engine"]["workers"][number] }) {
  return (
    <Table caption={`Loops of ${worker.workerId}`}>
      <TableColumns
        className="bg-sunken"
        columns={["Loop", "Purpose", "Last tick", { label: "Ticks", className: "text-right" }, "Last error"]}
      />
      <TableBody>
        {worker.loops.map((loop) => (
          <TableRow key={loop.name} className="[tbody>&]:h-8">
            <TableRowHeader className="whitespace-nowrap font-mono font-normal text-xs">{loop.name}</TableRowHeader>
            <TableCell className="min-w-48 text-muted">{loopPurpose(loop.name)}</TableCell>
            <TableCell className="whitespace-nowrap">
              {loop.lastTickAt ? <Relative value={loop.lastTickAt} /> : <span className="text-muted">not yet</span>}
            </TableCell>
            <TableCell className="text-right">{formatNumber(loop.ticks)}</TableCell>
            <TableCell className="min-w-48 break-words">
              {loop.lastError ? (
                <span className="text-danger-ink">
                  {loop.lastError}
                  {loop.failuresInARow > 1 ? ` (${formatNumber(loop.failuresInARow)} times in a row)` : ""}
                </span>
              ) : (
                <SignalText state="ok" className="font-normal text-xs">
                  None
                </SignalText>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
