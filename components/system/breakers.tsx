"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
import { LacksRight } from "~/components/access/may";
import { errorText } from "~/components/queries/load-error";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { formatNumber } from "~/components/ui/format";
import { NoValue } from "~/components/ui/no-value";
import { SignalText } from "~/components/ui/signal-text";
import { Table, TableBody, TableCell, TableColumns, TableRow, TableRowHeader } from "~/components/ui/table";
import { Relative } from "~/components/ui/time";
import { useToast } from "~/components/ui/toast";
import { waitsForPause } from "./waits-for-pause";

type Engine = RouterOutputs["monitoring"]["engine"];
type Breaker = Engine["breakers"][number];

const STATES = {
  open: { state: "critical", text: "Open" },
  half_open: { state: "warning", text: "Half-open" },
  closed: { state: "ok", text: "Closed" },
} as const;

const DRAIN_TEXT = "Any held events are published after the events that are due.";

/** The breakers, each with a button to close it. Renders nothing while loading or if there are none. */
export function Breakers({ query, allowed }: { query: TileQuery<Engine>; allowed: boolean }) {
  const isLoading = query.data === undefined && !query.error;
  if (isLoading || query.data?.breakers.length === 0) return null;
  return (
    <QueryTile
      className="mb-4"
      title="Circuit breakers"
      description="A breaker opens after 5 failures in a row. Events of its topic are then held, without counting an attempt, and one event is tried each minute, or sooner. While a tried event waits for its retry, it counts as a planned run and not as held. If the breaker is that of ClickHouse, changes wait in the outbox."
      query={query}
      padded={false}
    >
      {({ breakers, pauseAll }) => (
        <>
          <Table caption="Circuit breakers">
            <TableColumns
              columns={[
                "Topic or store",
                "State",
                { label: "Held", className: "text-right" },
                { label: "Since", className: "max-sm:hidden" },
                { label: "Next trial", className: "max-sm:hidden" },
                { label: "Last error", className: "max-sm:hidden" },
              ]}
              actions
            />
            <TableBody>
              {breakers.map((breaker) => (
                <Fragment key={breaker.name}>
                  <Row breaker={breaker} isPaused={pauseAll.paused} allowed={allowed} />
                  {/* On a phone, the details have their own row instead of their own columns. */}
                  {breaker.error || breaker.openedAt ? (
                    <TableRow className="sm:hidden">
                      <TableCell colSpan={4}>
                        <Details breaker={breaker} isPaused={pauseAll.paused} />
                      </TableCell>
                    </TableRow>
                  ) : null}
                </Fragment>
              ))}
            </TableBody>
          </Table>
          {breakers.every(({ state }) => state === "closed") ? null : (
            <LacksRight right="system:operate" className="px-4 py-2" />
          )}
        </>
      )}
    </QueryTile>
  );
}

function Row({ breaker, isPaused, allowed }: { breaker: Breaker; isPaused: boolean; allowed: boolean }) {
  const { state, text } = STATES[breaker.state];
  const isFailing = breaker.state === "closed" && breaker.failures > 0;
  const isDraining = breaker.state === "closed" && breaker.held > 0;
  return (
    <TableRow>
      <TableRowHeader>{breaker.target}</TableRowHeader>
      <TableCell className="whitespace-nowrap">
        <SignalText state={isFailing ? "warning" : state}>
          {isFailing ? `${breaker.failures} failures in a row` : isDraining ? "Draining" : text}
        </SignalText>
        {isDraining ? <p className="min-w-40 whitespace-normal text-muted text-xs">{DRAIN_TEXT}</p> : null}
      </TableCell>
      <TableCell className="text-right">{formatNumber(breaker.held)}</TableCell>
      <TableCell className="whitespace-nowrap max-sm:hidden">
        {breaker.openedAt ? <Relative value={breaker.openedAt} /> : <NoValue />}
      </TableCell>
      <TableCell className="whitespace-nowrap max-sm:hidden">{nextTrial(breaker, isPaused) ?? <NoValue />}</TableCell>
      <TableCell className="min-w-40 max-w-md break-words text-muted max-sm:hidden">
        {breaker.error ?? <NoValue />}
      </TableCell>
      <TableCell className="sticky right-0 bg-surface text-right group-last/row:rounded-br-lg">
        {breaker.state === "closed" ? null : <CloseNow name={breaker.name} allowed={allowed} />}
      </TableCell>
    </TableRow>
  );
}

/** Null if no trial is planned. */
function nextTrial(breaker: Breaker, isPaused: boolean): ReactNode {
  if (breaker.nextTrialAt === null) return null;
  return waitsForPause(breaker, isPaused) ? "After the pause" : <Relative value={breaker.nextTrialAt} />;
}

function Details({ breaker, isPaused }: { breaker: Breaker; isPaused: boolean }) {
  const { openedAt, error } = breaker;
  const items = [
    { term: "Since", value: openedAt && <Relative value={openedAt} /> },
    { term: "Next trial", value: nextTrial(breaker, isPaused) },
    { term: "Last error", value: error },
  ].filter(({ value }) => value !== null);
  return (
    <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-2 gap-y-1">
      {items.map(({ term, value }) => (
        <Fragment key={term}>
          <dt className="text-muted text-xs leading-5">{term}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function CloseNow({ name, allowed }: { name: string; allowed: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const toast = useToast();
  const reset = useMutation(
    trpc.monitoring.resetBreaker.mutationOptions({
      onSuccess: () =>
        toast.success({
          title: "Breaker closed",
          description: DRAIN_TEXT,
        }),
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.monitoring.pathKey() }),
    }),
  );
  return (
    <div className="flex flex-col items-end gap-1.5">
      <Button
        size="sm"
        disabled={!allowed}
        loading={reset.isPending}
        onClick={() => reset.mutate({ name })}
        aria-label={`Close the breaker ${name} now`}
      >
        Close now
      </Button>
      {reset.error ? (
        <p role="alert" className="max-w-60 text-danger-ink text-xs">
          The breaker was not closed: {errorText(reset.error)}
        </p>
      ) : null}
    </div>
  );
}
