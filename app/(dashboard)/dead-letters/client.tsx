"use client";

import { useQuery } from "@tanstack/react-query";
import { MailCheck, RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { SelectionBar } from "~/components/bulk/selection-bar";
import { useSelection } from "~/components/bulk/use-selection";
import { ALL_EXECUTION_COLUMNS } from "~/components/executions/columns";
import { DecideDialog, type DecideTarget } from "~/components/executions/decide-dialog";
import { ReplayDialog } from "~/components/executions/replay-dialog";
import { FilterBar } from "~/components/filters/filter-bar";
import { SearchInput } from "~/components/filters/search-input";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { TopicSelect } from "~/components/filters/topic-select";
import { displayName } from "~/components/schedules/display-name";
import type { Column } from "~/components/tables/column";
import { LiveList } from "~/components/tables/live-list";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { useNow } from "~/components/ui/now";
import { PageHeader } from "~/components/ui/page-header";
import { LinkTabs } from "~/components/ui/tabs";
import type { ExecutionRow } from "~/server/domain/views";
import { executionListInput, executionParsers } from "../executions/search-params";
import { RefusedMessages } from "./refused";

const MINUTE_MS = 60_000;
const PARSERS = {
  range: executionParsers.range.withDefault({ preset: "7d" }),
  q: executionParsers.q,
  topic: executionParsers.topic,
  cursor: executionParsers.cursor,
  tab: parseAsStringLiteral(["executions", "refused"]).withDefault("executions"),
};
const HIDDEN_COLUMNS = new Set(["firedAt", "lateness", "trigger"]);

/** Dead letters, with replay and discard. The range and the filters are in the URL. */
export function DeadLettersClient() {
  const trpc = useTRPC();
  const router = useRouter();
  const [params, setParams] = useQueryStates(PARSERS);
  const update = (values: { [Name in keyof typeof params]?: (typeof params)[Name] | null }) =>
    void setParams({ cursor: null, ...values }, { history: "replace" });
  const [replaying, setReplaying] = useState<ExecutionRow | null>(null);
  const nowMs = useNow(MINUTE_MS);
  const input = executionListInput(
    { ...params, status: ["dead"], trigger: [], source: [], schedule: null, error: null },
    nowMs,
  );
  const list = useQuery(trpc.executions.list.queryOptions({ ...input, decided: false }, KEEP_PREVIOUS));
  const { status: _st, cursor: _c, limit: _l, ...filter } = input;
  const selection = useSelection(JSON.stringify({ ...params, cursor: null }));
  const [decision, setDecision] = useState<{ action: "replay" | "discard"; target: DecideTarget } | null>(null);
  const target = () => (selection.all ? { filter } : { ids: [...selection.ids] });
  const columns = useMemo<Column<ExecutionRow>[]>(
    () => [
      ...ALL_EXECUTION_COLUMNS.filter(({ id }) => !HIDDEN_COLUMNS.has(id)),
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
    ],
    [],
  );
  const filtered = params.q !== "" || params.topic.length > 0;
  return (
    <>
      <PageHeader
        title="Dead letters"
        description="Executions that failed permanently: all retries are used up, or the payload cannot be published"
      />
      <div className="mb-3">
        <LinkTabs
          label="Type of dead letter"
          tabs={[
            { href: "/dead-letters", label: "Executions", current: params.tab === "executions" },
            { href: "/dead-letters?tab=refused", label: "Refused messages", current: params.tab === "refused" },
          ]}
        />
      </div>
      {params.tab === "refused" ? <RefusedMessages /> : executions()}
    </>
  );

  function executions() {
    return (
      <>
        <FilterBar>
          <TimeRangePicker value={params.range} onChange={(range) => update({ range })} />
          <SearchInput
            label="Search dead letters"
            placeholder="Schedule, id, correlation id, error"
            value={params.q}
            onChange={(q) => update({ q: q || null })}
            className="w-full sm:w-72"
          />
          <TopicSelect value={params.topic} onChange={(topic) => update({ topic })} />
        </FilterBar>
        <LiveList
          query={list}
          noun="dead letter"
          pages={{
            cursor: params.cursor,
            goTo: (cursor) => void setParams({ cursor }, { history: "push", scroll: true }),
          }}
          caption="Dead letters, newest first"
          columns={columns}
          rowId={(row) => row.executionId}
          rowLabel={displayName}
          onOpen={(row) => router.push(`/executions/${row.executionId}`)}
          empty={
            filtered ? (
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
          selected={selection.ids}
          onSelectedChange={selection.setIds}
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
        {decision ? <DecideDialog {...decision} onClose={() => setDecision(null)} /> : null}
        {replaying ? <ReplayDialog execution={replaying} onClose={() => setReplaying(null)} /> : null}
      </>
    );
  }
}
