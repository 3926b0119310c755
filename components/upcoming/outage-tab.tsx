"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { LoadError } from "~/components/queries/load-error";
import { LastKnown } from "~/components/queries/query-tile";
import { type RouterInputs, useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTimeField } from "~/components/ui/date-time-field";
import { SkeletonLines } from "~/components/ui/skeleton";
import { useDisplayZone } from "~/components/ui/time";
import { OutageResult } from "./outage-result";

type OutageInput = RouterInputs["upcoming"]["outage"];

/**
 * A form for an outage, and its result: the runs that fire late, and the runs that do not fire. The times of the outage
 * are in the URL.
 */
export function OutageTab({
  input,
  onOutage,
}: {
  input: OutageInput;
  onOutage: (outage: { from: number; to: number }) => void;
}) {
  const trpc = useTRPC();
  const query = useQuery(trpc.upcoming.outage.queryOptions(input, { ...KEEP_PREVIOUS, retry: false }));
  const { data } = query;
  return (
    <div className="flex flex-col gap-4">
      <Card
        title="Simulate an outage"
        description="Shows which runs fire late or not at all if all workers are stopped between these times. Nothing is changed."
      >
        <OutageForm key={`${input.from} ${input.to}`} input={input} onOutage={onOutage} loading={query.isFetching} />
      </Card>
      {data && query.error ? <LastKnown query={query} /> : null}
      {data === undefined && query.error ? (
        <LoadError error={query.error} title="The outage could not be simulated" onRetry={() => void query.refetch()} />
      ) : null}
      {data === undefined && !query.error ? <SkeletonLines lines={8} /> : null}
      {data ? <OutageResult outage={data} refreshing={query.isPlaceholderData} /> : null}
    </div>
  );
}

function OutageForm({
  input,
  onOutage,
  loading,
}: {
  input: OutageInput;
  onOutage: (outage: { from: number; to: number }) => void;
  loading: boolean;
}) {
  const { zone } = useDisplayZone();
  const [from, setFrom] = useState<string | null>(String(input.from));
  const [to, setTo] = useState<string | null>(String(input.to));
  const isReversed = from !== null && to !== null && Date.parse(from) >= Date.parse(to);
  return (
    <form
      className="grid items-start gap-4 sm:grid-cols-[1fr_1fr_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        if (from !== null && to !== null && !isReversed) onOutage({ from: Date.parse(from), to: Date.parse(to) });
      }}
    >
      <DateTimeField label="Workers stop at" required value={from} onChange={setFrom} zone={zone} />
      <DateTimeField
        label="Workers run again at"
        required
        value={to}
        onChange={setTo}
        zone={zone}
        error={isReversed ? "The end must be after the start." : undefined}
      />
      <Button type="submit" variant="primary" loading={loading} className="sm:mt-6.5">
        Simulate
      </Button>
    </form>
  );
}
