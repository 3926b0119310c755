"use client";

import { ChevronRight } from "lucide-react";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import type { RouterOutputs } from "~/components/trpc/client";
import { cn } from "~/components/ui/cn";
import { EmptyState } from "~/components/ui/empty-state";
import { formatLateness, formatNumber } from "~/components/ui/format";
import { IconButton } from "~/components/ui/icon-button";
import { SignalText } from "~/components/ui/signal-text";
import { Relative } from "~/components/ui/time";
import { HEALTH_LIMITS } from "~/server/domain/health-limits";
import { LoopsTable } from "./loops-table";

type Engine = RouterOutputs["monitoring"]["engine"];
type Worker = Engine["workers"][number];

const loopsId = (worker: Worker) => `loops-${worker.workerId}`;

/** All workers seen within the last hour. A row expands to its worker's loops. The expanded rows are in the URL. */
export function WorkersTable({ query }: { query: TileQuery<Engine> }) {
  const [openIds, setOpenIds] = useQueryState("worker", parseAsArrayOf(parseAsString).withDefault([]));
  const toggle = (id: string) =>
    void setOpenIds(openIds.includes(id) ? openIds.filter((one) => one !== id) : [...openIds, id], {
      history: "replace",
    });
  const isOpen = ({ workerId }: Worker) => openIds.includes(workerId);
  return (
    <QueryTile
      title="Workers"
      description="Seen within the last hour"
      query={query}
      padded={false}
      skeletonLines={3}
      className="mb-4"
    >
      {({ workers }) => (
        <DataTable
          caption="Workers"
          className="rounded-none border-0 shadow-none"
          columns={columnsOf({ isOpen, onToggle: ({ workerId }) => toggle(workerId) })}
          rows={workers}
          rowId={({ workerId }) => workerId}
          details={(worker) =>
            isOpen(worker) ? { id: loopsId(worker), content: <LoopsTable worker={worker} /> } : null
          }
          empty={<EmptyState title="No workers">Nothing fires without a worker. Start the worker process.</EmptyState>}
        />
      )}
    </QueryTile>
  );
}

function columnsOf({
  isOpen,
  onToggle,
}: {
  isOpen: (worker: Worker) => boolean;
  onToggle: (worker: Worker) => void;
}): readonly Column<Worker>[] {
  return [
    {
      id: "worker",
      header: "Worker",
      rowHeader: true,
      cell: (worker) => (
        <span className="flex items-center gap-1.5">
          <IconButton
            size="sm"
            tooltip={false}
            label={`Loops of ${worker.workerId}`}
            aria-expanded={isOpen(worker)}
            aria-controls={isOpen(worker) ? loopsId(worker) : undefined}
            icon={<ChevronRight aria-hidden className={cn("transition-transform", isOpen(worker) && "rotate-90")} />}
            onClick={() => onToggle(worker)}
          />
          <span className="break-all font-mono text-xs sm:whitespace-nowrap">{worker.workerId}</span>
        </span>
      ),
    },
    { id: "state", header: "State", cell: (worker) => <WorkerState worker={worker} /> },
    {
      id: "host",
      header: "Host",
      cell: ({ host, pid }) => (
        <span className="break-all sm:whitespace-nowrap">
          {host} <span className="text-muted text-xs">pid {pid}</span>
        </span>
      ),
    },
    { id: "version", header: "Version", hideBelow: "lg", cell: ({ version }) => version },
    { id: "started", header: "Started", hideBelow: "md", cell: ({ startedAt }) => <Relative value={startedAt} /> },
    { id: "seen", header: "Last seen", cell: ({ seenAt }) => <Relative value={seenAt} /> },
    {
      id: "skew",
      header: "Clock skew",
      align: "right",
      cell: ({ clockSkewMs }) => {
        const isSkewed = Math.abs(clockSkewMs) > HEALTH_LIMITS.skewWarning;
        return (
          <span className={cn("whitespace-nowrap", isSkewed && "font-medium text-warning-ink")}>
            {formatLateness(clockSkewMs)}
            {isSkewed ? <span className="block text-xs">skew to Redis</span> : null}
          </span>
        );
      },
    },
    { id: "in-flight", header: "Batches in flight", align: "right", cell: ({ inFlight }) => formatNumber(inFlight) },
    { id: "fired", header: "Fired", align: "right", cell: ({ firedTotal }) => formatNumber(firedTotal) },
  ];
}

function WorkerState({ worker }: { worker: Worker }) {
  if (!worker.alive) return <SignalText state="critical">No heartbeat</SignalText>;
  const failingCount = worker.loops.filter((loop) => loop.lastError !== null).length;
  if (failingCount === 0) return <SignalText state="ok">Alive</SignalText>;
  return (
    <SignalText state="warning">{failingCount === 1 ? "1 loop failing" : `${failingCount} loops failing`}</SignalText>
  );
}
