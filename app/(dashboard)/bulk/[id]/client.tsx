"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import {
  type BulkJob,
  CHANGED_WORDS,
  canUndo,
  isOver,
  JOB_STATES,
  JOB_TITLES,
  timeLeftMs,
} from "~/components/bulk/words";
import { ActionError, LoadError } from "~/components/queries/load-error";
import { useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DescriptionList } from "~/components/ui/description-list";
import { formatDuration, formatNumber } from "~/components/ui/format";
import { useNow } from "~/components/ui/now";
import { PageHeader } from "~/components/ui/page-header";
import { Progress } from "~/components/ui/progress";
import { Skeleton } from "~/components/ui/skeleton";
import { Stat } from "~/components/ui/stat";
import { TextLink } from "~/components/ui/text-link";
import { Duration, Instant } from "~/components/ui/time";

const LOOK_MS = 500;

/** One bulk job: progress, results, abort and undo. */
export function BulkJobClient({ jobId }: { jobId: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const query = useQuery(
    trpc.bulk.get.queryOptions(
      { jobId },
      { refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : LOOK_MS) },
    ),
  );
  const refresh = () => queryClient.invalidateQueries(trpc.bulk.pathFilter());
  const abort = useMutation(trpc.bulk.abort.mutationOptions({ onSuccess: refresh }));
  const undo = useMutation(
    trpc.bulk.undo.mutationOptions({
      onSuccess: async (made) => {
        await refresh();
        router.push(`/bulk/${made.jobId}`);
      },
    }),
  );
  const job = query.data;
  const breadcrumb = <Breadcrumb items={[{ label: "Bulk jobs", href: "/bulk" }, { label: "Job" }]} />;
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
  const failed = abort.error ?? undo.error;
  return (
    <>
      <PageHeader
        title={JOB_TITLES[job.action]}
        breadcrumb={breadcrumb}
        badges={<Badge tone={JOB_STATES[job.status].tone}>{JOB_STATES[job.status].label}</Badge>}
        actions={
          <>
            {isOver(job) ? null : (
              <Button
                icon={<Ban aria-hidden />}
                loading={abort.isPending || abort.isSuccess}
                onClick={() => abort.mutate({ jobId })}
              >
                Abort
              </Button>
            )}
            {canUndo(job) && job.undoneBy === null ? (
              <Button icon={<Undo2 aria-hidden />} loading={undo.isPending} onClick={() => undo.mutate({ jobId })}>
                Undo
              </Button>
            ) : null}
          </>
        }
      />
      <div className="flex flex-col gap-4">
        {failed ? <ActionError error={failed} /> : null}
        <Card>
          <JobProgress job={job} />
          <div className="mt-4 grid grid-cols-3 gap-3">
            <Stat label={CHANGED_WORDS[job.action]} value={formatNumber(job.changed)} />
            <Stat label="Skipped" value={formatNumber(job.skipped)} hint="No change was needed" />
            <Stat label="Failed" value={formatNumber(job.failed)} tone={job.failed > 0 ? "danger" : "neutral"} />
          </div>
        </Card>
        <Card title="Details">
          <DetailsCard job={job} />
        </Card>
        {job.failures.length > 0 ? (
          <Card title={job.failed > job.failures.length ? `First ${job.failures.length} failures` : "Failures"}>
            <Failures job={job} />
          </Card>
        ) : null}
      </div>
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

function DetailsCard({ job }: { job: BulkJob }) {
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
        { term: "Started by", value: job.actor },
        { term: "Requested", value: <Instant value={job.createdAt} /> },
        { term: "Ended", value: job.endedAt === null ? null : <Instant value={job.endedAt} /> },
        {
          term: "Duration",
          value: job.startedAt && job.endedAt ? <Duration ms={job.endedAt - job.startedAt} /> : null,
        },
        ...(job.note === null ? [] : [{ term: "Reason", value: job.note }]),
        ...(job.untilMs === null ? [] : [{ term: "Until", value: <Instant value={job.untilMs} /> }]),
        ...(job.missed === null ? [] : [{ term: "Missed runs", value: job.missed }]),
        ...list("Tags added", job.addTags),
        ...list("Tags removed", job.removeTags),
        ...jobLink(job.undoOf, "Undoes"),
        ...jobLink(job.undoneBy, "Undone by"),
      ]}
    />
  );
}

function Failures({ job }: { job: BulkJob }) {
  const path = job.action === "replay" || job.action === "discard" ? "executions" : "schedules";
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {job.failures.map(({ id, reason }) => (
        <li key={id} className="flex flex-wrap gap-x-3">
          <TextLink href={`/${path}/${id}`} className="font-mono text-xs underline">
            {id}
          </TextLink>
          <span className="text-muted">{reason}</span>
        </li>
      ))}
    </ul>
  );
}
