"use client";

import { useQuery } from "@tanstack/react-query";
import { LiveList } from "~/components/tables/live-list";
import type { CursorPages } from "~/components/tables/use-cursor-pages";
import { type RouterInputs, useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { EmptyState } from "~/components/ui/empty-state";
import { ACTIVITY_COLUMNS } from "./columns";
import { actionLabel } from "./labels";
import { OpenEntry } from "./open-entry";

/** The audit entries of a schedule, also of a deleted one. */
export function ScheduleActivity({
  input,
  pages,
  openId,
  onOpen,
}: {
  input: RouterInputs["audit"]["activity"];
  pages: CursorPages;
  openId: string | null;
  onOpen: (entryId: string | null) => void;
}) {
  const trpc = useTRPC();
  const list = useQuery(trpc.audit.activity.queryOptions(input, KEEP_PREVIOUS));
  return (
    <>
      <LiveList
        query={list}
        noun="entry"
        pages={pages}
        listKey={JSON.stringify(input)}
        caption="Audit entries of this schedule, newest first"
        columns={ACTIVITY_COLUMNS}
        rowId={(row) => row.entryId}
        rowLabel={actionLabel}
        onOpen={(row) => onOpen(row.entryId)}
        empty={<EmptyState title="No audit entries" />}
      />
      <OpenEntry entry={list.data?.items.find((one) => one.entryId === openId) ?? null} onClose={() => onOpen(null)} />
    </>
  );
}
