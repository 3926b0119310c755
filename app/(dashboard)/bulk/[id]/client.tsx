"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, Undo2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "~/components/access/may";
import { filterWords } from "~/components/bulk/filter-words";
import { JobItems } from "~/components/bulk/job-items";
import { canUndo, isOver, timeLeftMs } from "~/components/bulk/job-state";
import { JobStateBadge } from "~/components/bulk/job-state-badge";
import { jobTabTitle } from "~/components/bulk/job-tab-title";
import { type BulkJob, JOB_TITLES, jobBreadcrumb, MISSED_LABELS } from "~/components/bulk/words";
import { NamedExecutionLink, useExecutionNames } from "~/components/executions/execution-names";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useTabTitle } from "~/components/layout/tab-title";
import { ActionError, LoadError } from "~/components/queries/load-error";
import { useLivePolling } from "~/components/queries/use-live-polling";
import { ScheduleLink, useScheduleNames } from "~/components/schedules/schedule-names";
import { useTRPC } from "~/components/trpc/client";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DescriptionList } from "~/components/ui/description-list";
import { formatCounted, formatDuration, formatNumber } from "~/components/ui/format";
import { useNow } from "~/components/ui/now";
import { PageHeader } from "~/components/ui/page-header";
import { Progress } from "~/components/ui/progress";
import { Skeleton } from "~/components/ui/skeleton";
import { Stat } from "~/components/ui/stat";
import { TextLink } from "~/components/ui/text-link";
import { Duration, Instant, useDisplayZone } from "~/components/ui/time";
import { rightsForJob } from "~/server/domain/job-rights";
import { shownActor } from "~/server/domain/shown-actor";

// Loaded on first use, to keep it out of the page's bundle.
const UndoDialog = dynamic(() => import("~/components/bulk/undo-dialog").then((module) => module.UndoDialog));

const POLL_MS = 500;

/** A bulk job: progress, results, abort and undo. */
export function BulkJobClient({ jobId }: { jobId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { live, refetchInterval } = useLivePolling(POLL_MS);
  const query = useQuery(
    trpc.bulk.get.queryOptions(
      { jobId },
      { refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : refetchInterval) },
    ),
  );
  const refresh = () => queryClient.invalidateQueries(trpc.bulk.pathFilter());
  const abort = useMutation(trpc.bulk.abort.mutationOptions({ onSuccess: refresh }));
  const [isUndoOpen, setUndoOpen] = useState(false);
  const may = useMay();
  const job = query.data;
  useTabTitle(jobTabTitle(job));
  const mayChange = job !== undefined && rightsForJob(job.action).some(may);
  const breadcrumb = <Breadcrumb items={jobBreadcrumb(job ? JOB_TITLES[job.action] : "Job")} />;
  if (query.error && !job) {
    return (
      <>
        <PageHeader title="Bulk job" breadcrumb={breadcrumb} />
        <LoadError error={query.error} title="This job could not be loaded" onRetry={() => void query.refetch()} />
      </>
    );
  }
  if (!job) {
    return (
      <>
        <PageHeader title="Bulk job" breadcrumb={breadcrumb} />
        <Skeleton className="h-40 w-full" />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={JOB_TITLES[job.action]}
        breadcrumb={breadcrumb}
        badges={<JobStateBadge status={job.status} />}
        actions={
          <>
            {isOver(job) ? null : <LiveIndicator live={live} updatedAt={query.dataUpdatedAt} everyMs={POLL_MS} />}
            {isOver(job) || !mayChange ? null : (
              <Button
                icon={<Ban aria-hidden />}
                // Loading also after the request has succeeded, until a poll shows that the job has ended.
                loading={abort.isPending || abort.isSuccess}
                onClick={() => abort.mutate({ jobId })}
              >
                Abort
              </Button>
            )}
            {mayChange && canUndo(job) && job.undoneBy === null ? (
              <Button icon={<Undo2 aria-hidden />} onClick={() => setUndoOpen(true)}>
                Undo
              </Button>
            ) : null}
          </>
        }
      />
      <div className="flex flex-col gap-4">
        {abort.error ? <ActionError error={abort.error} /> : null}
        <Card>
          <JobProgress job={job} />
          <div className="mt-4 grid grid-cols-3 gap-3">
            <Stat label="Changed" value={formatNumber(job.changed)} />
            <Stat
              label="Skipped"
              value={formatNumber(job.skipped)}
              hint={job.skipped > 0 ? "Needed no change, or no longer exist" : undefined}
            />
            <Stat label="Failed" value={formatNumber(job.failed)} tone={job.failed > 0 ? "danger" : "neutral"} />
          </div>
        </Card>
        <Card title="Details">
          <JobDetails job={job} />
        </Card>
        <JobItems job={job} />
        {job.failures.length > 0 ? (
          <Card title={job.failed > job.failures.length ? `First ${job.failures.length} failures` : "Failures"}>
            <Failures job={job} />
          </Card>
        ) : null}
      </div>
      {isUndoOpen ? <UndoDialog job={job} onClose={() => setUndoOpen(false)} /> : null}
    </>
  );
}

function JobProgress({ job }: { job: BulkJob }) {
  const nowMs = useNow(1000);
  const leftMs = isOver(job) ? null : timeLeftMs(job, nowMs);
  const tone = job.failed > 0 ? "warning" : job.status === "done" ? "success" : "accent";
  const left = leftMs === null ? "" : `, about ${formatDuration(leftMs)} left`;
  return (
    <Progress
      label={job.status === "queued" ? "Waiting for a worker" : "Progress"}
      value={job.done}
      max={Math.max(1, job.total)}
      tone={tone}
      valueText={`${formatNumber(job.done)} of ${formatNumber(job.total)}${left}`}
    />
  );
}

function JobDetails({ job }: { job: BulkJob }) {
  const display = useDisplayZone();
  const jobLink = (id: string | null, text: string) =>
    id === null
      ? []
      : [
          {
            term: text,
            value: <TextLink href={`/bulk/${id}`}>Show job</TextLink>,
          },
        ];
  const list = (term: string, tags: readonly string[]) => (tags.length === 0 ? [] : [{ term, value: tags.join(", ") }]);
  return (
    <DescriptionList
      columns={3}
      items={[
        { term: "Actor", value: shownActor(job.actor) },
        {
          term: "Selection",
          value: job.filter === null ? "Single rows or ids, no filter" : filterWords(job.filter, display).join("; "),
        },
        { term: "Requested", value: <Instant value={job.createdAt} showZone /> },
        { term: "Ended", value: job.endedAt === null ? null : <Instant value={job.endedAt} showZone /> },
        {
          term: "Duration",
          value: job.startedAt && job.endedAt ? <Duration ms={job.endedAt - job.startedAt} /> : null,
        },
        ...(job.note === null ? [] : [{ term: "Note", value: job.note }]),
        ...(job.untilMs === null ? [] : [{ term: "Until", value: <Instant value={job.untilMs} showZone /> }]),
        ...(job.missed === null ? [] : [{ term: "Missed runs", value: MISSED_LABELS[job.missed] }]),
        ...(job.jitterSeconds === null ? [] : [{ term: "Jitter", value: <Duration ms={job.jitterSeconds * 1000} /> }]),
        ...(job.spreadMinutes === null
          ? []
          : [{ term: "Spread over", value: formatCounted(job.spreadMinutes, "minute") }]),
        ...list("Tags added", job.addTags),
        ...list("Tags removed", job.removeTags),
        ...jobLink(job.undoOf, "Undoes"),
        ...jobLink(job.undoneBy, "Undone by"),
      ]}
    />
  );
}

function Failures({ job }: { job: BulkJob }) {
  const areExecutions = job.action === "replay" || job.action === "discard";
  const ids = job.failures.map(({ id }) => id);
  const names = useScheduleNames(areExecutions ? [] : ids);
  const executions = useExecutionNames(areExecutions ? ids : []);
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {job.failures.map(({ id, reason }) => (
        <li key={id} className="flex flex-wrap items-baseline gap-x-3">
          {areExecutions ? (
            <NamedExecutionLink executionId={id} name={executions.get(id)} />
          ) : (
            <ScheduleLink scheduleId={id} name={names.get(id)} />
          )}
          <span className="text-muted">{reason}</span>
        </li>
      ))}
    </ul>
  );
}
