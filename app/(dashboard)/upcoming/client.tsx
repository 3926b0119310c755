"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar, useIsApproached } from "~/components/filters/filter-bar";
import { RangePicker } from "~/components/filters/time-range-picker";
import { TopicSelect, useScheduleFacets } from "~/components/filters/topic-select";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useLivePolling } from "~/components/queries/use-live-polling";
import { ExportMenu } from "~/components/tables/export-menu";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { LinkTabs } from "~/components/ui/link-tabs";
import { useNow } from "~/components/ui/now";
import { PageHeader } from "~/components/ui/page-header";
import { useDisplayZone } from "~/components/ui/time";
import { FiringsTab } from "~/components/upcoming/firings-tab";
import { LoadTab } from "~/components/upcoming/load-tab";
import { OutageTab } from "~/components/upcoming/outage-tab";
import { resolveUpcoming, UPCOMING_PRESETS } from "~/components/upcoming/range";
import {
  exportFilter,
  filterOf,
  firingsInput,
  loadInput,
  outageInput,
  type UpcomingParams,
  upcomingParsers,
  upcomingUrl,
} from "./search-params";

const TABS = { load: "Load", firings: "Next runs", outage: "Outage simulator" } as const;
const HOUR_MS = 3_600_000;
const REFRESH_MS = 30_000;

/**
 * The upcoming runs of all schedules: the load by time, each run, and an outage simulator. The tab and its filters are
 * in the URL.
 */
export function UpcomingClient() {
  const { zone } = useDisplayZone();
  const nowMs = useNow(HOUR_MS);
  const [params, setParams] = useQueryStates(upcomingParsers);
  type Values = { [Name in keyof UpcomingParams]?: UpcomingParams[Name] | null };
  const update = (values: Values) => void setParams({ cursor: null, ...values }, { history: "push" });
  const trpc = useTRPC();
  const { live, refetchInterval } = useLivePolling(REFRESH_MS);
  const load = useQuery(
    trpc.upcoming.load.queryOptions(loadInput(params, zone), {
      ...KEEP_PREVIOUS,
      refetchInterval,
      enabled: params.tab === "load",
    }),
  );
  const firings = useQuery(
    trpc.upcoming.firings.queryOptions(firingsInput(params), {
      ...KEEP_PREVIOUS,
      refetchInterval,
      enabled: params.tab === "firings",
    }),
  );
  const { data, dataUpdatedAt } = params.tab === "load" ? load : firings;
  return (
    <>
      <PageHeader title="Upcoming" description="Future runs of all schedules, as the workers plan them" />
      <div className="mb-3">
        <LinkTabs
          label="Upcoming views"
          tabs={(Object.keys(TABS) as (keyof typeof TABS)[]).map((tab) => ({
            href: upcomingUrl("/upcoming", { ...params, tab, cursor: null }),
            label: TABS[tab],
            current: tab === params.tab,
          }))}
        />
      </div>
      <FilterBar
        end={
          params.tab === "outage" ? null : (
            <>
              <LiveIndicator live={live} updatedAt={dataUpdatedAt} computedAt={data?.computedAt} everyMs={REFRESH_MS} />
              {params.tab === "firings" ? (
                <ExportMenu
                  path="/admin/schedules/upcoming/export"
                  filter={exportFilter(params)}
                  disabled={firings.data?.items.length === 0}
                />
              ) : null}
            </>
          )
        }
      >
        {params.tab === "outage" ? null : (
          <RangePicker
            value={params.range}
            onChange={(range) => update({ range })}
            presets={UPCOMING_PRESETS}
            resolve={resolveUpcoming}
          />
        )}
        <TopicSelect value={params.topic} onChange={(topic) => update({ topic })} />
        <TagSelect value={params.tag} onChange={(tag) => update({ tag })} />
        {params.topic.length + params.tag.length > 0 ? (
          <Button variant="ghost" onClick={() => update({ topic: null, tag: null })}>
            Clear all
          </Button>
        ) : null}
      </FilterBar>
      {params.tab === "load" ? (
        <LoadTab
          query={load}
          filter={filterOf(params)}
          by={{ value: params.by, onChange: (by) => update({ by }) }}
          hrefOfTag={(tag, range) => upcomingUrl("/upcoming", { ...params, tag: [tag], range, cursor: null })}
          onRange={(range) => update({ range })}
        />
      ) : null}
      {params.tab === "firings" ? (
        <FiringsTab
          query={firings}
          listKey={JSON.stringify(params)}
          pages={{ cursor: params.cursor, goTo: (cursor) => update({ ...params, cursor }) }}
        />
      ) : null}
      {params.tab === "outage" ? (
        <OutageTab input={outageInput(params, nowMs)} onOutage={(down) => update({ down })} />
      ) : null}
    </>
  );
}

function TagSelect({ value, onChange }: { value: readonly string[]; onChange: (tags: string[]) => void }) {
  const facets = useScheduleFacets(useIsApproached());
  return (
    <FacetSelect
      label="Tag"
      options={(facets.data?.tags ?? []).map((tag) => ({ value: tag.value, label: tag.value, count: tag.count }))}
      value={value}
      onChange={onChange}
      loading={facets.isPending}
      failed={facets.isError}
    />
  );
}
