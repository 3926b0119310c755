"use client";

import { ChevronRight } from "lucide-react";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import type { RouterOutputs } from "~/components/trpc/client";
import { cn } from "~/components/ui/cn";
import { EmptyState } from "~/components/ui/empty-state";
import { formatLateness, formatNumber } from "~/components/ui/format";
import { IconButton } from "~/components/ui/icon-button";
import { SignalText } from "~/components/ui/signal-text";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow, TableRowHeader } from "~/components/ui/table";
import { Relative } from "~/components/ui/time";
import { HEALTH_LIMITS } from "~/server/domain/health-limits";
import { LoopsTable } from "./loops-table";

type Engine = RouterOutputs["monitoring"]["engine"];
type Worker = Engine["workers"][number];

const HEADERS = ["State", "Host", "Version", "Since", "Last seen", "Clock", "In flight", "Fired"] as const;
const NUMBERS: readonly string[] = ["Clock", "In flight", "Fired"];

/** All workers seen within the last hour; a row expands to its loops. The expanded rows are in the URL. */
export function WorkersTable({ query }: { query: TileQuery<Engine> }) {
  const [open, setOpen] = useQueryState("worker", parseAsArrayOf(parseAsString).withDefault([]));
  const toggle = (id: string) =>
    void setOpen(open.includes(id) ? open.filter((one) => one !== id) : [...open, id], { history: "replace" });
  return (
    <QueryTile
      title="Workers"
      description="Seen within the last hour"
      query={query}
      padded={false}
      skeletonLines={3}
      className="mb-4"
    >
      {({ workers }) =>
        workers.length === 0 ? (
          <EmptyState title="No workers">Nothing fires without a worker. Start the worker process.</EmptyState>
        ) : (
          <Table caption="Workers">
            <TableHead>
              <tr>
                <TableHeader className="w-8 pr-0">
                  <span className="sr-only">Loops</span>
                </TableHeader>
                <TableHeader>Worker</TableHeader>
                {HEADERS.map((header) => (
                  <TableHeader key={header} className={NUMBERS.includes(header) ? "text-right" : undefined}>
                    {header}
                  </TableHeader>
                ))}
              </tr>
            </TableHead>
            <TableBody>
              {workers.map((worker) => (
                <WorkerRows
                  key={worker.workerId}
                  worker={worker}
                  open={open.includes(worker.workerId)}
                  onToggle={() => toggle(worker.workerId)}
                />
              ))}
            </TableBody>
          </Table>
        )
      }
    </QueryTile>
  );
}

function WorkerRows({ worker, open, onToggle }: { worker: Worker; open: boolean; onToggle: () => void }) {
  const skewed = Math.abs(worker.clockSkewMs) > HEALTH_LIMITS.skewWarning;
  const loopsId = `loops-${worker.workerId}`;
  return (
    <>
      <TableRow>
        <TableCell className="w-8 pr-0">
          <IconButton
            size="sm"
            tooltip={false}
            label={`Loops of ${worker.workerId}`}
            aria-expanded={open}
            aria-controls={open ? loopsId : undefined}
            icon={<ChevronRight aria-hidden className={cn("transition-transform", open && "rotate-90")} />}
            onClick={onToggle}
          />
        </TableCell>
        <TableRowHeader className="whitespace-nowrap font-mono font-normal text-xs">{worker.workerId}</TableRowHeader>
        <TableCell>
          <WorkerState worker={worker} />
        </TableCell>
        <TableCell className="whitespace-nowrap">
          {worker.host} <span className="text-muted text-xs">pid {worker.pid}</span>
        </TableCell>
        <TableCell>{worker.version}</TableCell>
        <TableCell>
          <Relative value={worker.startedAt} />
        </TableCell>
        <TableCell>
          <Relative value={worker.seenAt} />
        </TableCell>
        <TableCell className={cn("whitespace-nowrap text-right", skewed && "font-medium text-warning-ink")}>
          {formatLateness(worker.clockSkewMs)}
          {skewed ? <span className="block text-xs">skew to Redis</span> : null}
        </TableCell>
        <TableCell className="text-right">{formatNumber(worker.inFlight)}</TableCell>
        <TableCell className="text-right">{formatNumber(worker.firedTotal)}</TableCell>
      </TableRow>
      {open ? (
        <tr id={loopsId}>
          <td colSpan={HEADERS.length + 2} className="border-b bg-sunken p-0 sm:pl-8 [tr:last-child>&]:border-b-0">
            <LoopsTable worker={worker} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function WorkerState({ worker }: { worker: Worker }) {
  if (!worker.alive) return <SignalText state="critical">No heartbeat</SignalText>;
  const failing = worker.loops.filter((loop) => loop.lastError !== null).length;
  if (failing === 0) return <SignalText state="ok">Alive</SignalText>;
  return <SignalText state="warning">{failing === 1 ? "1 loop failing" : `${failing} loops failing`}</SignalText>;
}
