"use client";

import { useQuery } from "@tanstack/react-query";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { errorText } from "~/components/queries/load-error";
import type { TileQuery } from "~/components/queries/query-tile";
import { FRESH, useLiveQueries } from "~/components/queries/use-live-queries";
import { topicRows } from "~/components/system/topic-rows";
import { type TopicQuery, TopicsTable } from "~/components/system/topics-table";
import { useTRPC } from "~/components/trpc/client";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { Button, ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { PageHeader } from "~/components/ui/page-header";
import { Instant } from "~/components/ui/time";
import { LAST_DAY } from "./inputs";

const QUERY_LABELS: Record<TopicQuery, string> = {
  summary: "Executions of the last 24 hours",
  facets: "Schedules",
  breakers: "Breakers",
  schemas: "Payload schemas",
};
const QUERY_NAMES = Object.keys(QUERY_LABELS) as TopicQuery[];

/** The executions of each topic in the last 24 hours, with its breaker, schedules and payload schema. */
export function TopicsClient() {
  const trpc = useTRPC();
  const { live } = useLiveQueries();
  const summary = useQuery(trpc.analytics.summary.queryOptions(LAST_DAY, FRESH.slow));
  const facets = useQuery(trpc.schedules.facets.queryOptions(undefined, FRESH.slow));
  const breakers = useQuery(trpc.monitoring.breakers.queryOptions(undefined, FRESH.quick));
  const schemas = useQuery(trpc.topicSchemas.list.queryOptions(undefined, FRESH.still));
  const queries = { summary, facets, breakers, schemas };
  const all = Object.values(queries);
  const failed = QUERY_NAMES.filter((name) => queries[name].error !== null);
  const pending = new Set(QUERY_NAMES.filter((name) => queries[name].isPending));
  const rows = topicRows({
    summary: summary.data,
    facets: facets.data,
    breakers: breakers.data,
    schemas: schemas.data?.items,
  });
  const isLoading = rows.length === 0 && pending.size > 0;
  // After a failure, an empty table would claim that there are no topics.
  const isUnknown = rows.length === 0 && pending.size === 0 && failed.length > 0;
  return (
    <>
      <PageHeader
        title="Topics"
        description="Executions of the last 24 hours, by topic"
        breadcrumb={<Breadcrumb items={[{ label: "System", href: "/system" }, { label: "Topics" }]} />}
        actions={
          <>
            <LiveIndicator live={live} updatedAt={breakers.dataUpdatedAt} />
            <ButtonLink href="/settings/topics">Payload schemas</ButtonLink>
          </>
        }
      />
      {failed.length > 0 ? (
        <Callout
          tone="warning"
          live
          className="mb-4"
          title="Some figures are missing or old"
          action={
            <Button
              size="sm"
              loading={all.some(({ error, isFetching }) => error !== null && isFetching)}
              onClick={() => void Promise.all(failed.map((name) => queries[name].refetch()))}
            >
              Try again
            </Button>
          }
        >
          {failed.map((name) => (
            <Failure key={name} name={name} query={queries[name]} />
          ))}
        </Callout>
      ) : null}
      {isUnknown ? null : <TopicsTable rows={isLoading ? undefined : rows} pending={pending} />}
    </>
  );
}

function Failure({ name, query }: { name: TopicQuery; query: Pick<TileQuery<unknown>, "error" | "dataUpdatedAt"> }) {
  return (
    <p>
      {QUERY_LABELS[name]}: {errorText(query.error)}{" "}
      {query.dataUpdatedAt === 0 ? null : (
        <>
          Last updated at <Instant value={query.dataUpdatedAt} format="time" />.
        </>
      )}
    </p>
  );
}
