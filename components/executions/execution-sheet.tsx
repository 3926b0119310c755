"use client";

import { ChevronLeft, ChevronRight, Maximize2, RotateCcw } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { IfMay } from "~/components/access/may";
import { TEXT_FIELDS } from "~/components/layout/shortcuts";
import { LoadError } from "~/components/queries/load-error";
import { displayName } from "~/components/schedules/display-name";
import { callErrorOf } from "~/components/trpc/app-error";
import { Button, ButtonLink } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { IconButton } from "~/components/ui/icon-button";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { Sheet } from "~/components/ui/sheet";
import { SkeletonLines } from "~/components/ui/skeleton";
import { ExecutionBody } from "./execution-body";
import { rememberNeighbours } from "./neighbours";
import { ReplayDialog } from "./replay-dialog";
import { hasEnded, useExecution } from "./use-execution";

export interface ExecutionSheetProps {
  executionId: string;
  /** The ids in the list beside the sheet, in list order; j and k step through them. */
  ids: readonly string[];
  onMove: (executionId: string) => void;
  onClose: () => void;
}

/** An execution in a sheet beside its list. When the sheet closes, the focus returns to the row of the execution. */
export function ExecutionSheet({ executionId, ids, onMove, onClose }: ExecutionSheetProps) {
  const query = useExecution(executionId);
  const [isReplaying, setReplaying] = useState(false);
  const index = ids.indexOf(executionId);
  const previous = index < 0 ? undefined : ids[index - 1];
  const next = index < 0 ? undefined : ids[index + 1];
  const move = (to: string | undefined) => to !== undefined && onMove(to);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as Element;
    // React events also bubble from the dialog that the sheet opens.
    if (!event.currentTarget.contains(target) || target.closest(TEXT_FIELDS)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") move(next);
    if (event.key === "k") move(previous);
  };
  const execution = query.data;
  return (
    <>
      <Sheet
        open
        onOpenChange={(open) => !open && onClose()}
        width={46}
        title={
          <span className="flex flex-wrap items-center gap-2">
            {execution ? displayName(execution) : "Execution"}
            {execution ? (
              <OutcomeBadge outcome={execution.status} late={execution.late} reason={execution.reason} showReason />
            ) : null}
          </span>
        }
        finalFocus={() => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(executionId)}"]`)}
        onKeyDown={onKeyDown}
        footer={
          <>
            <span className="mr-auto flex">
              <IconButton
                label="Previous execution (k)"
                icon={<ChevronLeft aria-hidden />}
                disabled={previous === undefined}
                onClick={() => move(previous)}
              />
              <IconButton
                label="Next execution (j)"
                icon={<ChevronRight aria-hidden />}
                disabled={next === undefined}
                onClick={() => move(next)}
              />
            </span>
            <ButtonLink
              href={`/executions/${executionId}`}
              icon={<Maximize2 aria-hidden />}
              onClick={() => rememberNeighbours(ids)}
            >
              Full page
            </ButtonLink>
            {execution && hasEnded(execution.status) ? (
              <IfMay right="executions:replay">
                <Button icon={<RotateCcw aria-hidden />} onClick={() => setReplaying(true)}>
                  Replay
                </Button>
              </IfMay>
            ) : null}
          </>
        }
      >
        {execution ? (
          <ExecutionBody key={executionId} execution={execution} columns={1} />
        ) : callErrorOf(query.error)?.code === "not_found" ? (
          <EmptyState title="Execution not found">
            It may have ended a moment ago and is not recorded yet, or it may have been deleted at the end of its
            retention period.
          </EmptyState>
        ) : query.error ? (
          <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : (
          <SkeletonLines lines={10} />
        )}
      </Sheet>
      {isReplaying && execution ? <ReplayDialog execution={execution} onClose={() => setReplaying(false)} /> : null}
    </>
  );
}
