"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { LacksRight } from "~/components/access/may";
import { ActionError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { formatDuration, formatNumber } from "~/components/ui/format";
import { Instant } from "~/components/ui/time";
import { type KnownSettings, spanOf } from "./settings-known";

type Report = RouterOutputs["monitoring"]["sync"];

/** Runs a promotion cycle on demand and shows its report. `allowed`: the caller has the right `system:operate`. */
export function ForceSync({ allowed, settings }: { allowed: boolean; settings: KnownSettings }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const sync = useMutation(
    trpc.monitoring.sync.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.monitoring.pathFilter()),
    }),
  );
  const horizon = spanOf(settings.transferHorizonSeconds);
  return (
    <Card title="Promotion to Redis">
      <div className="flex flex-col items-start gap-3">
        <p className="text-muted text-sm">
          Moves long-term schedules {horizon ? `due within ${horizon}` : "that are due soon"} from ClickHouse to Redis
          now instead of in the next cycle. It is safe to repeat.
        </p>
        <Button
          icon={<RefreshCw aria-hidden />}
          disabled={!allowed}
          loading={sync.isPending}
          onClick={() => sync.mutate()}
        >
          Promote now
        </Button>
        <LacksRight right="system:operate" />
        {sync.error ? <ActionError error={sync.error} /> : null}
        {sync.data ? <Result report={sync.data} at={sync.submittedAt} /> : null}
      </div>
    </Card>
  );
}

function Result({ report, at }: { report: Report; at: number }) {
  const { listed, promoted, present, fenced, refused, tookMs } = report;
  const unplannable = refused === 0 ? "" : `, ${formatNumber(refused)} paused because they cannot be planned`;
  return (
    <Callout
      tone="success"
      live
      className="self-stretch"
      title={promoted === 0 ? "No schedules to move" : `${formatNumber(promoted)} moved to Redis`}
    >
      <p>
        {listed === 0
          ? "No long-term schedule is due soon."
          : `${formatNumber(listed)} were due soon: ${formatNumber(promoted)} moved, ${formatNumber(present)} already there, ${formatNumber(fenced)} skipped because they had changed${unplannable}.`}
      </p>
      <p className="mt-1 text-muted text-xs">
        At <Instant value={at} format="time" />, took {formatDuration(tookMs)}
      </p>
    </Callout>
  );
}
