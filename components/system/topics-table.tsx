"use client";

import { Waypoints } from "lucide-react";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { Badge } from "~/components/ui/badge";
import { EmptyState } from "~/components/ui/empty-state";
import { formatDuration, formatNumber } from "~/components/ui/format";
import { NoValue } from "~/components/ui/no-value";
import { SignalText } from "~/components/ui/signal-text";
import { Skeleton } from "~/components/ui/skeleton";
import { TextLink } from "~/components/ui/text-link";
import type { TopicRow } from "./topic-rows";

/** The queries whose data the columns show. */
export type TopicQuery = "summary" | "facets" | "breakers" | "schemas";
const UNKNOWN = <span className="text-muted">Unknown</span>;
const LOADING = <Skeleton className="inline-block h-4 w-10 align-middle" />;
const hrefOf = (page: string, topic: string, more: Record<string, string> = {}) =>
  `${page}?${new URLSearchParams({ topic, ...more })}`;

/** The columns. A figure of a query in `pending` is loading; any other missing figure is unknown. */
const columnsOf = (pending: ReadonlySet<TopicQuery>): readonly Column<TopicRow>[] => {
  const missing = (query: TopicQuery) => (pending.has(query) ? LOADING : UNKNOWN);
  return [
    {
      id: "topic",
      header: "Topic",
      rowHeader: true,
      cell: ({ topic }) => <code className="break-all font-mono text-xs">{topic}</code>,
    },
    {
      id: "breaker",
      header: "Breaker",
      cell: ({ breaker }) => (breaker === undefined ? missing("breakers") : <BreakerState breaker={breaker} />),
    },
    {
      id: "published",
      header: "Published, 24 h",
      align: "right",
      cell: ({ topic, published }) =>
        published === undefined ? missing("summary") : <Count value={published} href={hrefOf("/executions", topic)} />,
    },
    {
      id: "failed",
      header: "Failed, 24 h",
      align: "right",
      cell: ({ topic, failed }) =>
        failed === undefined ? (
          missing("summary")
        ) : (
          <Count value={failed} href={hrefOf("/executions", topic, { status: "dead,expired" })} />
        ),
    },
    {
      id: "lateness",
      header: "Lateness p95",
      align: "right",
      hideBelow: "lg",
      cell: ({ latenessP95 }) =>
        latenessP95 === undefined ? (
          missing("summary")
        ) : latenessP95 === null ? (
          <NoValue />
        ) : (
          formatDuration(latenessP95)
        ),
    },
    {
      id: "schedules",
      header: "Schedules",
      align: "right",
      cell: ({ topic, schedules }) =>
        schedules === undefined ? missing("facets") : <Count value={schedules} href={hrefOf("/schedules", topic)} />,
    },
    {
      id: "schema",
      header: "Payload schema",
      hideBelow: "md",
      cell: ({ hasSchema }) =>
        hasSchema === undefined ? (
          missing("schemas")
        ) : hasSchema ? (
          <TextLink href="/settings/topics">View schema</TextLink>
        ) : (
          <span className="text-muted">None</span>
        ),
    },
  ];
};

function Count({ value, href }: { value: number; href: string }) {
  return value === 0 ? <span className="text-muted">0</span> : <TextLink href={href}>{formatNumber(value)}</TextLink>;
}

function BreakerState({ breaker }: { breaker: Exclude<TopicRow["breaker"], undefined> }) {
  if (breaker === null) return <SignalText state="ok">Closed</SignalText>;
  const { state, failures, held } = breaker;
  const [signal, text] = {
    open: ["critical", "Open"] as const,
    half_open: ["warning", "Half-open"] as const,
    closed: failures > 0 ? (["warning", `Closed, ${failures} failed`] as const) : (["ok", "Closed"] as const),
  }[state];
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <TextLink href="/system#breakers">
        <SignalText state={signal}>{text}</SignalText>
      </TextLink>
      {held > 0 ? <Badge>{formatNumber(held)} held</Badge> : null}
    </span>
  );
}

/** The topics with the figures of the last 24 h. `rows` is undefined before the first answer. */
export function TopicsTable({
  rows,
  pending,
}: {
  rows: readonly TopicRow[] | undefined;
  /** The queries that are still loading for the first time. */
  pending: ReadonlySet<TopicQuery>;
}) {
  return (
    <DataTable
      caption="Topics"
      columns={columnsOf(pending)}
      rows={rows}
      rowId={({ topic }) => topic}
      empty={
        <EmptyState icon={<Waypoints />} title="No topics yet">
          A topic appears here with its first{" "}
          <TextLink href="/schedules" className="underline">
            schedule
          </TextLink>
          .
        </EmptyState>
      }
    />
  );
}
