"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { RunStripLinks } from "~/components/charts/run-strip";
import { LoadError } from "~/components/queries/load-error";
import { OccurrenceList } from "~/components/schedules/occurrence-list";
import { ScheduleDetailsList } from "~/components/schedules/schedule-details-list";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { WhyNotFiredSection } from "~/components/schedules/why-not-fired-section";
import { useTRPC } from "~/components/trpc/client";
import { Card } from "~/components/ui/card";
import { shownOutcome } from "~/components/ui/outcome";
import { Skeleton, SkeletonLines } from "~/components/ui/skeleton";
import { TextLink } from "~/components/ui/text-link";
import { detailParsers, detailUrl, STRIP_SIZE, UPCOMING_PREVIEW_SIZE, whyUrl } from "./search-params";

export function OverviewTab({ schedule }: { schedule: ShownSchedule }) {
  const [why, setWhy] = useQueryState("why", detailParsers.why);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex flex-col gap-5">
        <RecentRuns scheduleId={schedule.scheduleId} />
        <Card title="Details">
          <ScheduleDetailsList schedule={schedule} />
        </Card>
        <WhyNotFiredSection schedule={schedule} asked={why} onAsk={(time) => void setWhy(time, { history: "push" })} />
      </div>
      <Upcoming schedule={schedule} />
    </div>
  );
}

function RecentRuns({ scheduleId }: { scheduleId: string }) {
  const trpc = useTRPC();
  const recent = useQuery(trpc.executions.list.queryOptions({ scheduleId, limit: STRIP_SIZE }));
  const runs = [...(recent.data?.items ?? [])].reverse().slice(-STRIP_SIZE);
  return (
    <Card
      title="Last runs"
      actions={
        <TextLink href={detailUrl(`/schedules/${scheduleId}`, { tab: "executions" })} className="text-sm">
          All executions
        </TextLink>
      }
    >
      {recent.isPending ? (
        <Skeleton className="h-5 w-full max-w-md" />
      ) : recent.error ? (
        <LoadError error={recent.error} onRetry={() => void recent.refetch()} retrying={recent.isFetching} />
      ) : runs.length === 0 ? (
        <p className="text-muted text-sm">No executions yet.</p>
      ) : (
        <RunStripLinks
          hrefOf={(run) => whyUrl(scheduleId, new Date(run.at).toISOString())}
          runs={runs.map((run) => ({
            id: run.executionId,
            outcome: shownOutcome(run.status, run.late),
            at: Date.parse(run.scheduledFor),
            latenessMs: run.latenessMs,
          }))}
        />
      )}
    </Card>
  );
}

function Upcoming({ schedule }: { schedule: ShownSchedule }) {
  const { scheduleId } = schedule;
  const trpc = useTRPC();
  const next = useQuery(trpc.schedules.occurrences.queryOptions({ scheduleId, limit: UPCOMING_PREVIEW_SIZE }));
  return (
    <Card title="Next runs" description={next.data?.description}>
      {next.isPending ? (
        <SkeletonLines lines={6} />
      ) : next.error ? (
        <LoadError error={next.error} onRetry={() => void next.refetch()} retrying={next.isFetching} />
      ) : next.data.occurrences.length === 0 ? (
        <p className="text-muted text-sm">
          {schedule.status === "active" ? "The schedule has no more runs." : `The schedule is ${schedule.status}.`}
        </p>
      ) : (
        <OccurrenceList
          occurrences={next.data.occurrences.slice(0, UPCOMING_PREVIEW_SIZE)}
          zone={schedule.timezone}
          hrefOf={(nominal) => whyUrl(scheduleId, nominal)}
        />
      )}
    </Card>
  );
}
