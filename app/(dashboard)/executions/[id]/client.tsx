"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { replayAsCurl } from "~/components/executions/as-curl";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import { type Neighbours, recallNeighbours } from "~/components/executions/neighbours";
import { ReplayDialog } from "~/components/executions/replay-dialog";
import { timelineOf } from "~/components/executions/timeline";
import { TimelineList } from "~/components/executions/timeline-list";
import { useShortcut } from "~/components/layout/shortcuts";
import { useTabTitle } from "~/components/layout/tab-title";
import { LoadError } from "~/components/queries/load-error";
import { displayName, tabTitle } from "~/components/schedules/display-name";
import { HeadersCard } from "~/components/schedules/headers-card";
import { callErrorOf } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { Button, ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { CopyButton } from "~/components/ui/copy-button";
import { DescriptionList } from "~/components/ui/description-list";
import { EmptyState } from "~/components/ui/empty-state";
import { IconButton } from "~/components/ui/icon-button";
import { JsonView } from "~/components/ui/json-view";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { PageHeader } from "~/components/ui/page-header";
import { errorClassLabel } from "~/components/ui/reasons";
import { SkeletonLines } from "~/components/ui/skeleton";
import { TextLink } from "~/components/ui/text-link";
import { Duration, Instant, Lateness } from "~/components/ui/time";

const RUNNING = ["pending", "running", "retrying"];
/** The interval at which the page refetches an execution that has not ended. */
const POLL_MS = 1000;
/** How often "not found" is retried: ClickHouse may not have a manual run yet that was just started. */
const NOT_FOUND_RETRIES = 5;

type Execution = RouterOutputs["executions"]["get"];

/** One execution: its timeline, payload and details. */
export function ExecutionDetail({ executionId }: { executionId: string }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.executions.get.queryOptions(
      { executionId },
      {
        refetchInterval: ({ state }) => (state.data && RUNNING.includes(state.data.status) ? POLL_MS : false),
        retry: (failures, error) => callErrorOf(error)?.code === "not_found" && failures < NOT_FOUND_RETRIES,
        retryDelay: POLL_MS,
      },
    ),
  );
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

function Detail({ execution }: { execution: Execution }) {
  const { executionId, scheduleId } = execution;
  const [replaying, setReplaying] = useState(false);
  const ended = !RUNNING.includes(execution.status);
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
            <code className="break-all font-mono text-subtle text-xs">{executionId}</code>
            <CopyButton value={executionId} label="Copy execution id" />
          </span>
        }
        actions={
          <>
            <NeighbourButtons executionId={executionId} />
            <ButtonLink href={`/executions?schedule=${scheduleId}&range=7d`}>Other executions</ButtonLink>
            {ended ? (
              <Button icon={<RotateCcw aria-hidden />} onClick={() => setReplaying(true)}>
                Replay
              </Button>
            ) : null}
          </>
        }
      />
      {execution.error ? (
        <Callout
          tone={execution.status === "succeeded" ? "warning" : "danger"}
          live={false}
          className="mb-4"
          title={execution.errorClass ? errorClassLabel(execution.errorClass) : "Error"}
          action={<CopyButton value={execution.error} label="Copy error" />}
        >
          <p className="whitespace-pre-wrap break-words font-mono text-xs">{execution.error}</p>
        </Callout>
      ) : null}
      <div className="grid items-start gap-4 lg:grid-cols-[3fr_2fr]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card title="Timeline">
            <TimelineList steps={timelineOf(execution)} />
          </Card>
          <Payload execution={execution} />
        </div>
        <DetailsCard execution={execution} />
      </div>
      {replaying ? <ReplayDialog execution={execution} onClose={() => setReplaying(false)} /> : null}
    </>
  );
}

function Payload({ execution }: { execution: Execution }) {
  return (
    <>
      <Card title="Payload">
        <JsonView value={execution.payload} />
      </Card>
      <HeadersCard message={execution} />
    </>
  );
}

function DetailsCard({ execution }: { execution: Execution }) {
  const { scheduleId } = execution;
  const copyable = (value: string, label: string) => (
    <span className="flex items-center gap-1">
      <code className="min-w-0 break-all font-mono text-xs">{value}</code>
      <CopyButton value={value} label={`Copy ${label}`} />
    </span>
  );
  const origin = typeof window === "undefined" ? "" : window.location.origin;
  return (
    <Card
      title="Details"
      actions={
        <CopyButton value={replayAsCurl({ origin, executionId: execution.executionId })} label="Copy replay as curl" />
      }
    >
      <DescriptionList
        columns={2}
        items={[
          {
            term: "Schedule",
            value: <TextLink href={`/schedules/${scheduleId}`}>{displayName(execution)}</TextLink>,
          },
          { term: "Schedule version", value: execution.scheduleVersion },
          { term: "Scheduled for", value: <Instant value={execution.scheduledFor} precision="ms" /> },
          { term: "Fired at", value: <Instant value={execution.firedAt} precision="ms" /> },
          {
            term: "Lateness",
            value: <Lateness ms={execution.firedAt === null ? null : execution.latenessMs} late={execution.late} />,
          },
          { term: "Publish duration", value: <Duration ms={execution.publishMs} /> },
          { term: "Trigger", value: TRIGGER_LABELS[execution.trigger] },
          ...(execution.replayOf === null
            ? []
            : [
                {
                  term: "Replay of",
                  value: <TextLink href={`/executions/${execution.replayOf}`}>Original execution</TextLink>,
                },
              ]),
          { term: "Triggered by", value: execution.actor },
          { term: "Topic", value: copyable(execution.topic, "topic") },
          {
            term: "Partition and offset",
            value: execution.offset === null ? null : `${execution.partition ?? 0} : ${execution.offset}`,
          },
          { term: "Event", value: `${execution.entityType}.${execution.action}` },
          { term: "Entity id", value: execution.entityId },
          { term: "Event id", value: copyable(execution.executionId, "event id") },
          { term: "Correlation id", value: copyable(execution.correlationId, "correlation id") },
          { term: "Attempts", value: execution.attemptCount },
          { term: "Priority", value: execution.priority },
          { term: "Tier", value: execution.tier === "redis" ? "Redis" : "ClickHouse" },
          { term: "Worker", value: execution.workerId || null },
        ]}
      />
    </Card>
  );
}

/** Buttons and keys (j, k) for the next and previous row of the list that the execution was opened from. */
function NeighbourButtons({ executionId }: { executionId: string }) {
  const router = useRouter();
  const [list, setList] = useState<Neighbours | null>(null);
  useEffect(() => setList(recallNeighbours(executionId)), [executionId]);
  const at = list?.ids.indexOf(executionId) ?? -1;
  const previous = list?.ids[at - 1];
  const next = list?.ids[at + 1];
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
