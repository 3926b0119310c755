"use client";

import { ChevronLeft, ChevronRight, RotateCcw } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { IfMay } from "~/components/access/may";
import { ExecutionBody } from "~/components/executions/execution-body";
import { recallNeighbours } from "~/components/executions/neighbours";
import { hasEnded, useExecution } from "~/components/executions/use-execution";
import { useShortcut } from "~/components/layout/shortcuts";
import { useTabTitle } from "~/components/layout/tab-title";
import { LoadError } from "~/components/queries/load-error";
import { displayName, tabTitle } from "~/components/schedules/display-name";
import { callErrorOf } from "~/components/trpc/app-error";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { Button, ButtonLink } from "~/components/ui/button";
import { CopyButton } from "~/components/ui/copy-button";
import { EmptyState } from "~/components/ui/empty-state";
import { IconButton } from "~/components/ui/icon-button";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { PageHeader } from "~/components/ui/page-header";
import { SkeletonLines } from "~/components/ui/skeleton";
import type { ExecutionView } from "~/server/domain/views";

// Loaded on first use, to keep it out of the page's bundle.
const ReplayDialog = dynamic(() =>
  import("~/components/executions/replay-dialog").then((module) => module.ReplayDialog),
);

/** One execution: its timeline, payload and details. */
export function ExecutionDetail({ executionId }: { executionId: string }) {
  const query = useExecution(executionId);
  if (query.data) return <Detail execution={query.data} />;
  const code = callErrorOf(query.error)?.code;
  return (
    <>
      <PageHeader
        breadcrumb={<Breadcrumb items={[{ label: "Executions", href: "/executions" }, { label: executionId }]} />}
        title="Execution"
      />
      {code === "not_found" || code === "validation_failed" ? (
        <EmptyState title="Execution not found" action={<ButtonLink href="/executions">All executions</ButtonLink>}>
          <code className="break-all font-mono text-xs">{executionId}</code> does not exist. It may have been deleted at
          the end of its retention period.
        </EmptyState>
      ) : query.error ? (
        <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      ) : (
        <SkeletonLines lines={8} />
      )}
    </>
  );
}

function Detail({ execution }: { execution: ExecutionView }) {
  const { executionId, scheduleId } = execution;
  const [isReplaying, setReplaying] = useState(false);
  const title = displayName(execution);
  useTabTitle(tabTitle(OUTCOME_LABELS[execution.status], execution));
  return (
    <>
      <PageHeader
        breadcrumb={<Breadcrumb items={[{ label: "Executions", href: "/executions" }, { label: title }]} />}
        title={title}
        badges={<OutcomeBadge outcome={execution.status} late={execution.late} reason={execution.reason} showReason />}
        description={
          <span className="flex flex-wrap items-center gap-1">
            <span className="text-xs">Execution id</span>
            <code className="break-all font-mono text-subtle text-xs">{executionId}</code>
            <CopyButton value={executionId} label="Copy execution id" />
          </span>
        }
        actions={
          <>
            <NeighbourButtons executionId={executionId} />
            <ButtonLink href={`/executions?schedule=${scheduleId}&range=7d`}>
              Other executions of this schedule
            </ButtonLink>
            {hasEnded(execution.status) ? (
              <IfMay right="executions:replay">
                <Button icon={<RotateCcw aria-hidden />} onClick={() => setReplaying(true)}>
                  Replay
                </Button>
              </IfMay>
            ) : null}
          </>
        }
      />
      <ExecutionBody execution={execution} columns={2} />
      {isReplaying ? <ReplayDialog execution={execution} onClose={() => setReplaying(false)} /> : null}
    </>
  );
}

/** Buttons and keys (j, k) for the next and previous row of the list that the execution was opened from. */
function NeighbourButtons({ executionId }: { executionId: string }) {
  const router = useRouter();
  const [list, setList] = useState<readonly string[] | null>(null);
  useEffect(() => setList(recallNeighbours(executionId)), [executionId]);
  const index = list?.indexOf(executionId) ?? -1;
  const previous = list?.[index - 1];
  const next = list?.[index + 1];
  const go = (id: string | undefined) => id && router.push(`/executions/${id}`);
  useShortcut({ keys: "j", label: "Next execution", group: "Lists" }, () => go(next));
  useShortcut({ keys: "k", label: "Previous execution", group: "Lists" }, () => go(previous));
  if (list === null) return null;
  return (
    <span className="flex">
      <IconButton
        label="Previous execution"
        icon={<ChevronLeft aria-hidden />}
        disabled={!previous}
        onClick={() => go(previous)}
      />
      <IconButton
        label="Next execution"
        icon={<ChevronRight aria-hidden />}
        disabled={!next}
        onClick={() => go(next)}
      />
    </span>
  );
}
