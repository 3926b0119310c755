"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "~/components/access/may";
import { Button } from "~/components/ui/button";
import { RIGHT_OF_ACTION } from "~/server/domain/rights";
import type { BulkTarget, BulkVerb } from "./bulk-dialog";
import { SelectionBar } from "./selection-bar";
import type { useSelection } from "./use-selection";

// Loaded on first use, to keep it out of the list's bundle.
const BulkDialog = dynamic(() => import("./bulk-dialog").then((module) => module.BulkDialog));

const VERBS: { action: BulkVerb; label: string }[] = [
  { action: "pause", label: "Pause" },
  { action: "resume", label: "Resume" },
  { action: "retag", label: "Retag" },
  { action: "spread", label: "Spread out" },
  { action: "execute", label: "Run now" },
  { action: "delete", label: "Delete" },
];

/** Actions on the selected schedules, or on all that match the list's filter. */
export function BulkBar({
  selection,
  filter,
  found,
}: {
  selection: ReturnType<typeof useSelection>;
  filter: NonNullable<BulkTarget["filter"]>;
  found: { total: number; totalIsExact: boolean } | undefined;
}) {
  const [pendingAction, setPendingAction] = useState<{ action: BulkVerb; target: BulkTarget } | null>(null);
  const may = useMay();
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return (
    <>
      <SelectionBar
        count={selection.ids.size}
        noun="schedule"
        matching={
          found && {
            total: found.total,
            capped: !found.totalIsExact,
            hint: isFiltered ? undefined : "Filter the list to select all matching schedules",
          }
        }
        allMatching={selection.all}
        onAllMatching={selection.selectAll}
        onClear={selection.clear}
      >
        {VERBS.filter(({ action }) => may(RIGHT_OF_ACTION[action])).map(({ action, label }) => (
          <Button
            key={action}
            size="sm"
            variant={action === "delete" ? "danger-ghost" : "secondary"}
            onClick={() =>
              setPendingAction({ action, target: selection.all ? { filter } : { ids: [...selection.ids] } })
            }
          >
            {label}
          </Button>
        ))}
      </SelectionBar>
      {pendingAction ? <BulkDialog {...pendingAction} onClose={() => setPendingAction(null)} /> : null}
    </>
  );
}
