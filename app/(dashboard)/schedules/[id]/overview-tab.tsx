"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { useAllFiringPauses } from "~/components/audit/use-all-firing-pauses";
import type { StripChange } from "~/components/charts/prepare/strip-markers";
import { RunStripLinks } from "~/components/charts/run-strip";
import { QueryTile } from "~/components/queries/query-tile";
import { OccurrenceList } from "~/components/schedules/occurrence-list";
import { ScheduleDetailsList } from "~/components/schedules/schedule-details-list";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { useRunAfterPause } from "~/components/schedules/use-run-after-pause";
import { WhyNotFiredSection } from "~/components/schedules/why-not-fired-section";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Card } from "~/components/ui/card";
import { shownOutcome } from "~/components/ui/outcome";
import { TextLink } from "~/components/ui/text-link";
import { Instant } from "~/components/ui/time";
import { SUCCEEDED } from "~/server/domain/audit/results";
import { detailParsers, detailUrl, STRIP_SIZE, UPCOMING_PREVIEW_SIZE, whyUrl } from "./search-params";

const MAX_STRIP_CHANGES = 200;
const HOUR_MS = 3_600_000;

export function OverviewTab({ schedule }: { schedule: ShownSchedule }) {
  const [why, setWhy] = useQueryState("why", detailParsers.why);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex flex-col gap-5">
        <RecentRuns scheduleId={schedule.scheduleId} />
        <Card title="Details">
          <Details schedule={schedule} />
        </Card>
        <WhyNotFiredSection schedule={schedule} time={why} onAsk={(time) => void setWhy(time, { history: "push" })} />
      </div>
      <Upcoming schedule={schedule} />
    </div>
  );
}

function Details({ schedule }: { schedule: ShownSchedule }) {
  const { scheduleId } = schedule;
  const trpc = useTRPC();
  const next = useQuery(trpc.schedules.occurrences.queryOptions({ scheduleId, limit: UPCOMING_PREVIEW_SIZE }));
  const pauses = useQuery(
    trpc.audit.pauses.queryOptions({ scheduleIds: [scheduleId], from: schedule.createdAt }, { retry: false }),
  );
  return (
    <ScheduleDetailsList
      schedule={schedule}
      clockChange={next.data?.nextClockChange}
      lastPause={pauses.data?.[0]}
      runAfterPause={useRunAfterPause(schedule)}
    />
  );
}

function RecentRuns({ scheduleId }: { scheduleId: string }) {
  const trpc = useTRPC();
  const recent = useQuery(trpc.executions.list.queryOptions({ scheduleId, limit: STRIP_SIZE }));
  const runs = [...(recent.data?.items ?? [])].reverse().slice(-STRIP_SIZE);
  const changes = useStripChanges(scheduleId, runs[0]?.scheduledFor);
  return (
    <QueryTile
      title="Recent runs"
      description={runs.length > 1 ? `The last ${runs.length}, oldest first` : undefined}
      query={recent}
      skeletonLines={1}
      actions={
        <TextLink href={detailUrl(`/schedules/${scheduleId}`, { tab: "executions" })} className="text-sm">
          All runs
        </TextLink>
      }
    >
      {() =>
        runs.length === 0 ? (
          <p className="text-muted text-sm">No runs yet.</p>
        ) : (
          <RunStripLinks
            changes={changes}
            hrefOf={(run) => whyUrl(scheduleId, new Date(run.at).toISOString())}
            runs={runs.map((run) => ({
              id: run.executionId,
              outcome: shownOutcome(run.status, run.late),
              at: Date.parse(run.scheduledFor),
              latenessMs: run.firedAt === null ? null : run.latenessMs,
            }))}
          />
        )
      }
    </QueryTile>
  );
}

const SCHEDULE_CHANGE_KINDS = {
  "schedule.edit": "edit",
  "schedule.pause": "pause",
  "schedule.resume": "resume",
} as const;
const STRIP_KINDS = {
  ...SCHEDULE_CHANGE_KINDS,
  "system.pause_all": "pause_all",
  "system.resume_all": "resume_all",
} as const;
type StripVerb = keyof typeof STRIP_KINDS;

/** Edits, pauses and resumes of the schedule, and pauses and resumes of all firing, since `from`. */
function useStripChanges(scheduleId: string, from: string | undefined): StripChange[] {
  const trpc = useTRPC();
  const options = { ...KEEP_PREVIOUS, enabled: from !== undefined, retry: false };
  // Rounded down to the hour, so that the query key does not change on every refresh.
  const hour = new Date(Math.floor(Date.parse(from ?? "1970-01-01") / HOUR_MS) * HOUR_MS).toISOString();
  const wanted = { target: scheduleId, verb: Object.keys(SCHEDULE_CHANGE_KINDS), result: SUCCEEDED };
  const input = { ...wanted, from: hour, limit: MAX_STRIP_CHANGES };
  const list = useQuery(trpc.audit.list.queryOptions(input, options));
  const allFiringPauses = useAllFiringPauses({ from: hour, enabled: from !== undefined });
  return [...(list.data?.items ?? []), ...allFiringPauses].map(({ entryId, verb, at, actor, note }) => ({
    id: entryId,
    kind: STRIP_KINDS[verb as StripVerb],
    at: Date.parse(at),
    actor,
    note,
  }));
}

function Upcoming({ schedule }: { schedule: ShownSchedule }) {
  const { scheduleId } = schedule;
  const trpc = useTRPC();
  const next = useQuery(trpc.schedules.occurrences.queryOptions({ scheduleId, limit: UPCOMING_PREVIEW_SIZE }));
  const runAfterPause = useRunAfterPause(schedule);
  return (
    <QueryTile title="Next runs" description={next.data?.description} query={next} skeletonLines={6}>
      {({ occurrences }) =>
        occurrences.length === 0 ? (
          <p className="text-muted text-sm">
            {schedule.status === "active" ? "The schedule has no more runs." : `The schedule is ${schedule.status}.`}
            {runAfterPause === null ? null : (
              <>
                {" "}
                First planned run after the resume: <Instant value={runAfterPause} showZone="offset" />.
              </>
            )}
          </p>
        ) : (
          <OccurrenceList
            occurrences={occurrences.slice(0, UPCOMING_PREVIEW_SIZE)}
            zone={schedule.timezone}
            hrefOf={(nominal) => whyUrl(scheduleId, nominal)}
          />
        )
      }
    </QueryTile>
  );
}
