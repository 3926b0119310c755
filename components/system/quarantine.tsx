"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { LoadError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { formatNumber } from "~/components/ui/format";
import { Table, TableBody, TableCell, TableColumns, TableRow } from "~/components/ui/table";
import { Relative } from "~/components/ui/time";
import { QuarantineDialog } from "./quarantine-dialog";

type Item = RouterOutputs["quarantine"]["list"]["items"][number];

const LIMIT = 50;
const LOOK_MS = 5000;

/** Items that could not be processed and were set aside. Renders nothing if there are none. */
export function Quarantine({ allowed }: { allowed: boolean }) {
  const trpc = useTRPC();
  const [open, setOpen] = useState<Item | null>(null);
  const query = useQuery(trpc.quarantine.list.queryOptions({ limit: LIMIT }, { refetchInterval: LOOK_MS }));
  if (query.error) {
    return (
      <LoadError
        error={query.error}
        title="The quarantine could not be loaded"
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  if (!query.data || query.data.total === 0) return null;
  const { items, total } = query.data;
  return (
    <Card
      className="mb-4"
      title="Quarantine"
      description={`${formatNumber(total)} ${total === 1 ? "item" : "items"} could not be processed and ${total === 1 ? "needs" : "need"} a decision. Everything else continues.`}
      padded={false}
    >
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
                <Button size="sm" onClick={() => setOpen(item)} aria-label={`Details of ${item.kind} ${item.key}`}>
                  Details
                </Button>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {total > items.length ? (
        <p className="px-3 py-2 text-muted text-sm">
          The newest {items.length} of {formatNumber(total)}.
        </p>
      ) : null}
      {open ? <QuarantineDialog item={open} allowed={allowed} onClose={() => setOpen(null)} /> : null}
    </Card>
  );
}
