"use client";

import { useQuery } from "@tanstack/react-query";
import { ListTodo } from "lucide-react";
import { useRouter } from "next/navigation";
import { IDLE_POLL_MS, jobsPollMs } from "~/components/bulk/job-state";
import { JobStateBadge } from "~/components/bulk/job-state-badge";
import { BULK_BREADCRUMB, type BulkJob, JOB_TITLES } from "~/components/bulk/words";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useLivePolling } from "~/components/queries/use-live-polling";
import type { Column } from "~/components/tables/column";
import { ExportMenu } from "~/components/tables/export-menu";
import { QueryTable } from "~/components/tables/query-table";
import { useTRPC } from "~/components/trpc/client";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { EmptyState } from "~/components/ui/empty-state";
import { formatNumber } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { PageHeader } from "~/components/ui/page-header";
import { TextLink } from "~/components/ui/text-link";
import { Instant, Relative } from "~/components/ui/time";
import { shownActor } from "~/server/domain/shown-actor";

const COLUMNS: Column<BulkJob>[] = [
  {
    id: "action",
    header: "Job",
    rowHeader: true,
    cell: (job) => (
      <Link href={`/bulk/${job.jobId}`} className="rounded font-medium hover:underline">
        {JOB_TITLES[job.action]}
      </Link>
    ),
  },
  {
    id: "state",
    header: "State",
    card: "corner",
    cell: (job) => <JobStateBadge status={job.status} />,
  },
  {
    id: "done",
    header: "Progress",
    align: "right",
    cell: (job) => `${formatNumber(job.done)} of ${formatNumber(job.total)}`,
  },
  { id: "changed", header: "Changed", align: "right", cell: (job) => formatNumber(job.changed) },
  { id: "skipped", header: "Skipped", align: "right", hideBelow: "lg", cell: (job) => formatNumber(job.skipped) },
  { id: "failed", header: "Failed", align: "right", cell: (job) => formatNumber(job.failed) },
  { id: "actor", header: "Actor", hideBelow: "md", cell: (job) => shownActor(job.actor) },
  {
    id: "created",
    header: "Requested",
    cell: (job) => (
      <div className="flex flex-col">
        <Instant value={job.createdAt} />
        <Relative value={job.createdAt} className="text-muted text-xs" />
      </div>
    ),
  },
];

/** Bulk jobs, newest first. */
export function BulkJobsClient() {
  const trpc = useTRPC();
  const router = useRouter();
  const { live, refetchInterval } = useLivePolling(IDLE_POLL_MS);
  const jobs = useQuery(
    trpc.bulk.list.queryOptions(undefined, {
      refetchInterval: ({ state }) => refetchInterval && jobsPollMs(state.data),
    }),
  );
  return (
    <>
      <PageHeader
        breadcrumb={<Breadcrumb items={BULK_BREADCRUMB} />}
        title="Bulk jobs"
        description="Actions on many schedules or dead letters at once. Jobs are kept for 7 days."
        actions={
          <>
            <LiveIndicator live={live} updatedAt={jobs.dataUpdatedAt} everyMs={jobsPollMs(jobs.data)} />
            {jobs.data?.length === 0 ? null : <ExportMenu path="/admin/schedules/bulk/export" filter={{}} />}
          </>
        }
      />
      <QueryTable
        query={jobs}
        noun="bulk job"
        caption="Bulk jobs, newest first"
        columns={COLUMNS}
        rows={jobs.data}
        rowId={(job) => job.jobId}
        rowLabel={(job) => JOB_TITLES[job.action]}
        onOpen={(job) => router.push(`/bulk/${job.jobId}`)}
        skeletonRows={4}
        empty={
          <EmptyState icon={<ListTodo />} title="No bulk jobs in the last 7 days">
            Select rows in{" "}
            <TextLink href="/schedules" className="underline">
              Schedules
            </TextLink>{" "}
            or in{" "}
            <TextLink href="/dead-letters" className="underline">
              Dead letters
            </TextLink>{" "}
            to start a job.
          </EmptyState>
        }
      />
    </>
  );
}
