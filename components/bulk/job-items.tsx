"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleDashed, CircleSlash, Trash2 } from "lucide-react";
import { parseAsInteger, useQueryState } from "nuqs";
import { NamedExecutionLink, useExecutionNames } from "~/components/executions/execution-names";
import { QueryTile } from "~/components/queries/query-tile";
import { displayName } from "~/components/schedules/display-name";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { formatNumber } from "~/components/ui/format";
import { StatusBadge } from "~/components/ui/outcome-badge";
import { TextLink } from "~/components/ui/text-link";
import type { BulkJob } from "./words";

const PAGE_SIZE = 20;

/** The schedules or executions of a job, in pages. Marks the items that the job has not reached. */
export function JobItems({ job }: { job: BulkJob }) {
  const trpc = useTRPC();
  const [first, setFirst] = useQueryState("from", parseAsInteger.withDefault(0));
  // A hand-written URL may have any number.
  const from = Math.max(0, first);
  const setFrom = (next: number) => void setFirst(next, { history: "push" });
  const areExecutions = job.action === "replay" || job.action === "discard";
  const query = useQuery(trpc.bulk.items.queryOptions({ jobId: job.jobId, from, limit: PAGE_SIZE }, KEEP_PREVIOUS));
  const names = useExecutionNames(areExecutions ? (query.data?.items ?? []).map(({ id }) => id) : []);
  return (
    <QueryTile
      title={`${areExecutions ? "Executions" : "Schedules"} (${formatNumber(job.total)})`}
      description="In the order of processing"
      query={query}
      padded={false}
      skeletonLines={8}
    >
      {({ items, total }) => (
        <>
          <ol className="divide-y" aria-label={areExecutions ? "Executions" : "Schedules"}>
            {items.map(({ id, schedule }, index) => (
              <li
                key={id}
                className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2 text-sm sm:grid sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_auto]"
              >
                {areExecutions ? (
                  <NamedExecutionLink executionId={id} name={names.get(id)} />
                ) : (
                  <TextLink href={`/schedules/${id}`} className="min-w-0 truncate font-medium">
                    {displayName({ scheduleId: id, ...schedule })}
                  </TextLink>
                )}
                {/* Also without a topic, so that the topics of all rows are aligned. */}
                <span className="truncate text-muted text-xs max-sm:order-last max-sm:w-full max-sm:empty:hidden">
                  {schedule?.topic}
                </span>
                <span className="ml-auto flex min-w-24 justify-end gap-1.5 max-sm:min-w-0">
                  {schedule?.deleted ? (
                    <Badge tone="danger" icon={<Trash2 aria-hidden />}>
                      Deleted
                    </Badge>
                  ) : null}
                  {schedule && !schedule.deleted && !schedule.enabled ? <StatusBadge status="paused" /> : null}
                  {from + index >= job.done ? <Unprocessed isWaiting={job.endedAt === null} /> : null}
                </span>
              </li>
            ))}
          </ol>
          {total > PAGE_SIZE ? (
            <div className="flex items-center justify-between gap-3 border-t px-4 py-2 text-muted text-xs">
              <span>
                {formatNumber(from + 1)} to {formatNumber(Math.min(total, from + PAGE_SIZE))} of {formatNumber(total)}
              </span>
              <span className="flex gap-2">
                <Button size="sm" disabled={from === 0} onClick={() => setFrom(Math.max(0, from - PAGE_SIZE))}>
                  Previous
                </Button>
                <Button size="sm" disabled={from + PAGE_SIZE >= total} onClick={() => setFrom(from + PAGE_SIZE)}>
                  Next
                </Button>
              </span>
            </div>
          ) : null}
        </>
      )}
    </QueryTile>
  );
}

/** Marks an item that the job has not reached. */
function Unprocessed({ isWaiting }: { isWaiting: boolean }) {
  return isWaiting ? (
    <Badge icon={<CircleDashed aria-hidden />}>Waiting</Badge>
  ) : (
    <Badge icon={<CircleSlash aria-hidden />}>Not reached</Badge>
  );
}
