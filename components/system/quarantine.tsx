"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { parseAsString, useQueryState } from "nuqs";
import { QueryTile } from "~/components/queries/query-tile";
import type { LiveQueryOptions } from "~/components/queries/use-live-queries";
import { useOpenRow } from "~/components/tables/open-row";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { formatCounted, formatNumber } from "~/components/ui/format";
import { Table, TableBody, TableCell, TableColumns, TableRow } from "~/components/ui/table";
import { Relative } from "~/components/ui/time";

// Loaded on first use, to keep it out of the page's bundle.
const QuarantineDialog = dynamic(() => import("./quarantine-dialog").then((module) => module.QuarantineDialog));

type Item = RouterOutputs["quarantine"]["list"]["items"][number];

const idOf = ({ id }: Item) => id;
const LIMIT = 50;

/** Items that could not be processed and were set aside. Renders nothing if there are none, unless the query fails. */
export function Quarantine({ allowed, vital }: { allowed: boolean; vital: LiveQueryOptions }) {
  const trpc = useTRPC();
  const [openId, setOpenId] = useQueryState("item", parseAsString);
  const query = useQuery(trpc.quarantine.list.queryOptions({ limit: LIMIT }, vital));
  const openItem = useOpenRow({ id: openId, rows: query.data?.items, rowId: idOf });
  const total = query.data?.total;
  if (!query.error && !total) return null;
  return (
    <QueryTile className="mb-4" title="Quarantine" description={descriptionOf(total)} query={query} padded={false}>
      {({ items }) => (
        <>
          {items.length === 0 ? null : (
            <Items items={items} onOpen={({ id }) => void setOpenId(id, { history: "push" })} />
          )}
          {total !== undefined && total > items.length ? (
            <p className="px-4 py-2 text-muted text-sm">
              The newest {items.length} of {formatNumber(total)}.
            </p>
          ) : null}
          {openItem ? (
            <QuarantineDialog
              item={openItem}
              allowed={allowed}
              onClose={() => void setOpenId(null, { history: "replace" })}
            />
          ) : null}
        </>
      )}
    </QueryTile>
  );
}

function descriptionOf(total: number | undefined): string | undefined {
  if (total === undefined) return undefined;
  // Rendered only beside the error of a failed refetch.
  if (total === 0) return "Nothing was in quarantine.";
  return `${formatCounted(total, "item")} could not be processed and ${total === 1 ? "needs" : "need"} a decision. Everything else continues.`;
}

function Items({ items, onOpen }: { items: readonly Item[]; onOpen: (item: Item) => void }) {
  return (
    <Table caption="Items in quarantine, newest first">
      <TableColumns columns={["Since", "Step", "Kind", "Reason"]} actions />
      <TableBody>
        {items.map((item) => (
          <TableRow key={item.id}>
            <TableCell className="whitespace-nowrap">
              <Relative value={item.at} />
            </TableCell>
            <TableCell>
              <Badge tone="warning">{item.step}</Badge>
            </TableCell>
            <TableCell className="whitespace-nowrap">{item.kind}</TableCell>
            <TableCell className="min-w-40 max-w-md break-words text-muted">
              <span className="line-clamp-2">{item.reason}</span>
            </TableCell>
            <TableCell className="text-right">
              <Button size="sm" onClick={() => onOpen(item)} aria-label={`Details of ${item.kind} ${item.key}`}>
                Details
              </Button>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
