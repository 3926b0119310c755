"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { usePauseAll } from "~/components/pause-all/use-pause-all";
import { LoadError } from "~/components/queries/load-error";
import { useTRPC } from "~/components/trpc/client";
import { Card } from "~/components/ui/card";
import { formatCounted } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { useNow } from "~/components/ui/now";
import { SkeletonLines } from "~/components/ui/skeleton";
import { Instant } from "~/components/ui/time";
import { ExplainTime } from "./explain-time";
import { UntilRun } from "./next-run";
import type { ShownSchedule } from "./shown-schedule";
import { WHY_ANCHOR } from "./why-anchor";
import { currentReasons, type Finding, pastReason } from "./why-not-fired";

const MAX_SHOWN = 5;
const ICONS = {
  info: <Info aria-label="Note" className="mt-0.5 size-4 shrink-0 text-info-ink" />,
  warning: <TriangleAlert aria-label="Warning" className="mt-0.5 size-4 shrink-0 text-warning-ink" />,
  danger: <CircleAlert aria-label="Failure" className="mt-0.5 size-4 shrink-0 text-danger-ink" />,
};

/**
 * Answers "why didn't it fire?" from the schedule's state and its last executions that were not published, and for any
 * requested time.
 */
export function WhyNotFiredSection({
  schedule,
  time,
  onAsk,
}: {
  schedule: ShownSchedule;
  time: string | null;
  onAsk: (time: string | null) => void;
}) {
  const trpc = useTRPC();
  const nowMs = useNow(10_000);
  const unpublished = useQuery(
    trpc.executions.list.queryOptions({
      scheduleId: schedule.scheduleId,
      status: ["skipped", "expired", "dead", "cancelled"],
      limit: MAX_SHOWN,
    }),
  );
  const current = currentReasons(schedule, nowMs, usePauseAll());
  const past = (unpublished.data?.items ?? []).flatMap((row) => pastReason(row) ?? []).slice(0, MAX_SHOWN);
  return (
    <Card title="Why didn't it fire?">
      <div id={WHY_ANCHOR} className="flex scroll-mt-24 flex-col gap-3 text-sm">
        <ExplainTime schedule={schedule} time={time} onAsk={onAsk} />
        <h3 className="text-muted text-xs">Now</h3>
        {current.length > 0 ? (
          <Findings findings={current} />
        ) : (
          <p className="flex items-start gap-2">
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success-ink" />
            <span>
              Neither its state nor a pause of all firing prevents the schedule from firing. Next run:{" "}
              {schedule.nextExecution && (
                <UntilRun at={schedule.nextExecution} jitterSeconds={schedule.jitterSeconds} isAllPaused={false} />
              )}
              .
            </span>
          </p>
        )}
        <h3 className="text-muted text-xs">Last runs that were not published</h3>
        {schedule.status === "paused" ? <MissedSincePause scheduleId={schedule.scheduleId} /> : null}
        {unpublished.isPending ? (
          <SkeletonLines lines={2} />
        ) : unpublished.error ? (
          <LoadError
            error={unpublished.error}
            onRetry={() => void unpublished.refetch()}
            retrying={unpublished.isFetching}
          />
        ) : past.length > 0 ? (
          <Findings findings={past} />
        ) : (
          <p className="text-muted">None are recorded.</p>
        )}
      </div>
    </Card>
  );
}

/** A run that a pause skips is not in the history before the resume. */
function MissedSincePause({ scheduleId }: { scheduleId: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.schedules.missed.queryOptions({ scheduleId }, { retry: false }));
  if (data === undefined || data.missed === 0) return null;
  const runs = formatCounted(data.missed, "run", !data.missedIsExact);
  return (
    <p className="flex items-start gap-2">
      {ICONS.info}
      <span>
        {runs} {data.missed === 1 ? "was" : "were"} missed since the pause. Missed runs are skipped or run on the
        resume, and are recorded then.
      </span>
    </p>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {findings.map((finding) => (
        <li key={`${finding.executionId ?? finding.text}`} className="flex items-start gap-2">
          {ICONS[finding.tone]}
          <span className="min-w-0 break-words">
            {finding.at && finding.atWords === undefined ? (
              <>
                {finding.executionId ? (
                  <Link href={`/executions/${finding.executionId}`} className="font-medium hover:underline">
                    <Instant value={finding.at} showZone="offset" />
                  </Link>
                ) : (
                  <span className="font-medium">
                    <Instant value={finding.at} showZone="offset" />
                  </span>
                )}
                {" · "}
              </>
            ) : null}
            {finding.text}
            {finding.at && finding.atWords !== undefined ? (
              <>
                {finding.atWords} <Instant value={finding.at} showZone="offset" />
              </>
            ) : null}
            {finding.rest}
          </span>
        </li>
      ))}
    </ul>
  );
}
