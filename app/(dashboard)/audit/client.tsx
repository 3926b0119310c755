"use client";

import { useQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useQueryStates } from "nuqs";
import { AUDIT_COLUMNS } from "~/components/audit/columns";
import { actionLabel } from "~/components/audit/labels";
import { OpenEntry } from "~/components/audit/open-entry";
import { useVerifyChain } from "~/components/audit/verify-chain";
import { RANGE_PRESETS } from "~/components/filters/time-range";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { ColumnMenu } from "~/components/tables/column-menu";
import { ExportMenu } from "~/components/tables/export-menu";
import { LiveList } from "~/components/tables/live-list";
import { SavedViews } from "~/components/tables/saved-views";
import { useColumns } from "~/components/tables/use-columns";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PENDING_REQUEST, KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { useNow } from "~/components/ui/now";
import { PageHeader } from "~/components/ui/page-header";
import { AuditFilters, isFiltered, type SetParams } from "./filters";
import { auditFilter, auditListInput, auditParsers, NO_FILTERS } from "./search-params";

const MINUTE_MS = 60_000;

/** The audit trail of a time range. The filters, the page and the open entry are in the URL. */
export function AuditClient() {
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(auditParsers);
  const set: SetParams = (values) => void setParams(values, { history: "replace" });
  const navigate: SetParams = (values) => void setParams(values, { history: "push" });
  const nowMs = useNow(MINUTE_MS);
  const input = auditListInput(params, nowMs);
  const list = useQuery(trpc.audit.list.queryOptions(input, KEEP_PREVIOUS));
  const { columns, settings, onResize } = useColumns("audit", AUDIT_COLUMNS);
  const refresh = () => void list.refetch(KEEP_PENDING_REQUEST);
  const chain = useVerifyChain();
  const live = useLiveRefresh({ refresh, busy: params.entry !== null });
  // The start of a relative range moves every minute, so the key contains the range instead of `from`.
  const listKey = JSON.stringify({ ...input, from: null, range: params.range });
  return (
    <>
      <PageHeader title="Audit" actions={chain.button} />
      {chain.result === null ? null : <div className="mb-4">{chain.result}</div>}
      <AuditFilters
        params={params}
        set={set}
        navigate={navigate}
        end={
          <>
            <LiveIndicator live={live} updatedAt={list.dataUpdatedAt} />
            <SavedViews list="audit" />
            <ColumnMenu settings={settings} />
            <ExportMenu path="/admin/audit/export" filter={auditFilter(params, nowMs)} />
          </>
        }
      />
      <LiveList
        query={list}
        noun="entry"
        pages={{
          cursor: params.cursor,
          goTo: (cursor) => void setParams({ ...params, cursor }, { history: "push", scroll: true }),
        }}
        listKey={listKey}
        caption="Audit entries, newest first"
        columns={columns}
        onResize={onResize}
        rowId={(row) => row.entryId}
        rowLabel={actionLabel}
        onOpen={(row) => navigate({ entry: row.entryId })}
        empty={
          isFiltered(params) ? (
            <EmptyState
              title="No entry matches"
              action={<Button onClick={() => navigate(NO_FILTERS)}>Clear filters</Button>}
            >
              No entry in this range matches the filters.
            </EmptyState>
          ) : (
            <EmptyState
              icon={<ScrollText />}
              title="No entries in this range"
              action={
                "preset" in params.range && params.range.preset === "30d" ? undefined : (
                  <Button onClick={() => navigate({ range: { preset: "30d" }, cursor: null })}>
                    {RANGE_PRESETS["30d"].label}
                  </Button>
                )
              }
            >
              This page lists changes of schedules, settings, accounts and more, with author and time, and refused
              calls.
            </EmptyState>
          )
        }
      />
      <OpenEntry
        entry={list.data?.items.find((one) => one.entryId === params.entry) ?? null}
        onClose={() => set({ entry: null })}
      />
    </>
  );
}
