"use client";

import { useQuery } from "@tanstack/react-query";
import { MailCheck, RotateCcw } from "lucide-react";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { useMay, useScope } from "~/components/access/may";
import { SelectionBar } from "~/components/bulk/selection-bar";
import { useSelection } from "~/components/bulk/use-selection";
import { ALL_EXECUTION_COLUMNS } from "~/components/executions/columns";
import type { DecideTarget } from "~/components/executions/decide-dialog";
import { OpenExecution } from "~/components/executions/open-execution";
import { FilterBar } from "~/components/filters/filter-bar";
import { SearchInput } from "~/components/filters/search-input";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { TopicSelect } from "~/components/filters/topic-select";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { displayName } from "~/components/schedules/display-name";
import type { Column } from "~/components/tables/column";
import { ColumnMenu } from "~/components/tables/column-menu";
import { ExportMenu } from "~/components/tables/export-menu";
import { LiveList } from "~/components/tables/live-list";
import { SavedViews } from "~/components/tables/saved-views";
import { useColumns } from "~/components/tables/use-columns";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PENDING_REQUEST, KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { LinkTabs } from "~/components/ui/link-tabs";
import { useNow } from "~/components/ui/now";
import { PageHeader } from "~/components/ui/page-header";
import type { ExecutionRow } from "~/server/domain/views";
import { deadLettersInput, deadLettersParsers } from "./search-params";

const MINUTE_MS = 60_000;
// Loaded on first use, to keep them out of the page's bundle.
const DecideDialog = dynamic(() =>
  import("~/components/executions/decide-dialog").then((module) => module.DecideDialog),
);
const ReplayDialog = dynamic(() =>
  import("~/components/executions/replay-dialog").then((module) => module.ReplayDialog),
);

const RefusedMessages = dynamic(() => import("./refused").then((module) => module.RefusedMessages));

/** Columns that cards show with their labels, because users decide by them between a replay and a discard. */
const LABELLED_IN_CARDS = new Set(["attempts", "error"]);
const HIDDEN_COLUMNS = new Set(["firedAt", "lateness", "trigger"]);

/** Dead letters, with replay and discard. The range and the filters are in the URL. */
export function DeadLettersClient() {
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(deadLettersParsers);
  type Values = { [Name in keyof typeof params]?: (typeof params)[Name] | null };
  const update = (values: Values, history: "push" | "replace" = "push") =>
    void setParams({ cursor: null, ...values }, { history });
  const [replaying, setReplaying] = useState<ExecutionRow | null>(null);
  const nowMs = useNow(MINUTE_MS);
  const input = deadLettersInput(params, nowMs);
  const list = useQuery(trpc.executions.list.queryOptions(input, KEEP_PREVIOUS));
  // The bulk job sets the status and `decided` itself; the export menu below adds both.
  const { status: _st, cursor: _c, limit: _l, decided: _d, ...filter } = input;
  const selection = useSelection(JSON.stringify({ ...params, cursor: null, open: null }));
  const [decision, setDecision] = useState<{ action: "replay" | "discard"; target: DecideTarget } | null>(null);
  const live = useLiveRefresh({
    refresh: () => void list.refetch(KEEP_PENDING_REQUEST),
    busy: selection.ids.size > 0 || decision !== null || replaying !== null,
  });
  // The start of a relative range moves every minute, so the key contains the range instead of `from`.
  const listKey = JSON.stringify({ ...input, from: null, range: params.range });
  const target = () => (selection.all ? { filter } : { ids: [...selection.ids] });
  // Refused messages have no topic that a scope could be applied to.
  const isScoped = useScope() !== null;
  const mayDecide = useMay()("dead_letters:decide");
  const allColumns = useMemo(() => {
    const known: Column<ExecutionRow>[] = [
      ...ALL_EXECUTION_COLUMNS.filter(({ id }) => !HIDDEN_COLUMNS.has(id)).map((column) =>
        LABELLED_IN_CARDS.has(column.id) ? { ...column, card: undefined } : column,
      ),
      {
        id: "replay",
        header: "Replay",
        hideHeader: true,
        align: "right",
        cell: (row) => (
          <Button
            size="sm"
            icon={<RotateCcw aria-hidden />}
            aria-label={`Replay ${displayName(row)}`}
            onClick={() => setReplaying(row)}
          >
            Replay
          </Button>
        ),
      },
    ];
    return known.filter(({ id }) => mayDecide || id !== "replay");
  }, [mayDecide]);
  const { columns, settings, onResize } = useColumns("dead-letters", allColumns);
  const isFiltered = params.q !== "" || params.topic.length > 0;
  return (
    <>
      <PageHeader
        title="Dead letters"
        description={
          params.tab === "refused"
            ? "Messages of the delayed topic that could not become schedules"
            : "Executions that failed permanently: no retry or no time was left, or the message can never be published"
        }
      />
      <div className="mb-3" hidden={isScoped}>
        <LinkTabs
          label="Type of dead letter"
          tabs={[
            { href: "/dead-letters", label: "Executions", current: params.tab === "executions" },
            { href: "/dead-letters?tab=refused", label: "Refused messages", current: params.tab === "refused" },
          ]}
        />
      </div>
      {params.tab === "refused" && !isScoped ? <RefusedMessages /> : renderExecutions()}
    </>
  );

  function renderExecutions() {
    return (
      <>
        <FilterBar
          end={
            <>
              <LiveIndicator live={live} updatedAt={list.dataUpdatedAt} />
              <SavedViews list="dead-letters" />
              <ColumnMenu settings={settings} />
              <ExportMenu path="/admin/executions/export" filter={{ ...filter, status: ["dead"], decided: false }} />
            </>
          }
        >
          <TimeRangePicker value={params.range} onChange={(range) => update({ range })} />
          <SearchInput
            label="Search dead letters"
            placeholder="Schedule, id or error"
            value={params.q}
            onChange={(q) => update({ q: q || null }, "replace")}
            className="w-full sm:w-72"
          />
          <TopicSelect value={params.topic} onChange={(topic) => update({ topic })} />
        </FilterBar>
        <LiveList
          query={list}
          noun="dead letter"
          pages={{
            cursor: params.cursor,
            goTo: (cursor) => void setParams({ ...params, cursor }, { history: "push", scroll: true }),
          }}
          listKey={listKey}
          caption="Dead letters, newest first"
          columns={columns}
          onResize={onResize}
          rowId={(row) => row.executionId}
          rowLabel={displayName}
          // Without `scroll`, so that the list keeps its position behind the sheet.
          onOpen={(row) => void setParams({ open: row.executionId }, { history: "push" })}
          empty={
            isFiltered ? (
              <EmptyState
                title="No dead letter matches"
                action={<Button onClick={() => update({ q: null, topic: null })}>Clear filters</Button>}
              />
            ) : (
              <EmptyState icon={<MailCheck />} title="No dead letters in this range">
                Executions that fail permanently appear here until someone replays or discards them.
              </EmptyState>
            )
          }
          selected={mayDecide ? selection.ids : undefined}
          onSelectedChange={mayDecide ? selection.setIds : undefined}
          selectionBar={
            <SelectionBar
              count={selection.ids.size}
              noun="dead letter"
              matching={list.data && { total: list.data.total, capped: !list.data.totalIsExact }}
              allMatching={selection.all}
              onAllMatching={selection.selectAll}
              onClear={selection.clear}
            >
              <Button size="sm" onClick={() => setDecision({ action: "replay", target: target() })}>
                Replay
              </Button>
              <Button
                size="sm"
                variant="danger-ghost"
                onClick={() => setDecision({ action: "discard", target: target() })}
              >
                Discard
              </Button>
            </SelectionBar>
          }
        />
        <OpenExecution
          executionId={params.open}
          rows={list.data?.items}
          onMove={(open) => void setParams({ open }, { history: "replace" })}
          onClose={() => void setParams({ open: null }, { history: "replace" })}
        />
        {decision ? <DecideDialog {...decision} onClose={() => setDecision(null)} /> : null}
        {replaying ? <ReplayDialog execution={replaying} onClose={() => setReplaying(null)} /> : null}
      </>
    );
  }
}
