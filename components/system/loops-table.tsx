import type { RouterOutputs } from "~/components/trpc/client";
import { formatNumber } from "~/components/ui/format";
import { SignalText } from "~/components/ui/signal-text";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "~/components/ui/table";
import { Relative } from "~/components/ui/time";
import { loopPurpose } from "./plain-words";

/** What one worker does over and over: when last, how often, and what went wrong the last time. */
export function LoopsTable({ worker }: { worker: RouterOutputs["monitoring"]["engine"]["workers"][number] }) {
  return (
    <Table caption={`Loops of ${worker.workerId}`}>
      <TableHead className="bg-sunken">
        <tr>
          <TableHeader>Loop</TableHeader>
          <TableHeader>Purpose</TableHeader>
          <TableHeader>Last tick</TableHeader>
          <TableHeader className="text-right">Ticks</TableHeader>
          <TableHeader>Last error</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {worker.loops.map((loop) => (
          <TableRow key={loop.name} className="[tbody>&]:h-8">
            <th scope="row" className="whitespace-nowrap border-b px-3 font-mono font-normal text-xs">
              {loop.name}
            </th>
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
