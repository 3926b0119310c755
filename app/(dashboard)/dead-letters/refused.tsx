"use client";

import { useQuery } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { useQueryState } from "nuqs";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { MaskedNote, useReveal } from "~/components/payloads/masked-note";
import { useLivePolling } from "~/components/queries/use-live-polling";
import type { Column } from "~/components/tables/column";
import { useOpenRow } from "~/components/tables/open-row";
import { QueryTable } from "~/components/tables/query-table";
import { type RouterOutputs, useTRPC, useTRPCClient } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { CodeBlock } from "~/components/ui/code-block";
import { DescriptionList } from "~/components/ui/description-list";
import { Dialog } from "~/components/ui/dialog";
import { EmptyState } from "~/components/ui/empty-state";
import { Instant } from "~/components/ui/time";
import { deadLettersParsers } from "./search-params";

type Refused = RouterOutputs["deadLetters"]["refused"][number];

const COLUMNS: Column<Refused>[] = [
  { id: "at", header: "Sent", rowHeader: true, cell: (row) => <Instant value={row.at} format="short" /> },
  { id: "reason", header: "Reason", card: "line", cell: (row) => <span className="line-clamp-2">{row.reason}</span> },
  {
    id: "code",
    header: "Code",
    hideBelow: "md",
    card: "corner",
    cell: (row) => <Badge tone="danger">{row.code}</Badge>,
  },
  {
    id: "place",
    header: "Partition and offset",
    hideBelow: "lg",
    cell: (row) => (
      <code className="font-mono text-muted text-xs">
        {row.partition} / {row.offset}
      </code>
    ),
  },
];

/** The value of a refused message, with masks until the user reveals it. */
function RefusedValue({ message }: { message: Refused }) {
  const client = useTRPCClient();
  const revealed = useReveal(async () => {
    const [found = message] = await client.deadLetters.refused.query({ id: message.id, reveal: true });
    return found;
  });
  return (
    <>
      <MaskedNote masked={message.masked} revealed={revealed} />
      <CodeBlock code={(revealed.data ?? message).value} label="Value" />
    </>
  );
}

const idOf = ({ id }: Refused) => id;
const LIMIT = 200;
const POLL_MS = 10_000;

/** Messages of the delayed topic that could not become schedules. */
export function RefusedMessages() {
  const trpc = useTRPC();
  const { live, refetchInterval } = useLivePolling(POLL_MS);
  const refused = useQuery(trpc.deadLetters.refused.queryOptions({ limit: LIMIT }, { refetchInterval }));
  const [openId, setOpenId] = useQueryState("message", deadLettersParsers.message);
  const openMessage = useOpenRow({ id: openId, rows: refused.data, rowId: idOf });
  return (
    <>
      <div className="mb-3 flex justify-end">
        <LiveIndicator live={live} updatedAt={refused.dataUpdatedAt} everyMs={POLL_MS} />
      </div>
      <QueryTable
        query={refused}
        noun="refused message"
        caption="Refused messages, newest first"
        columns={COLUMNS}
        rows={refused.data}
        rowId={idOf}
        rowLabel={(row) => row.reason}
        onOpen={({ id }) => void setOpenId(id, { history: "push" })}
        empty={
          <EmptyState icon={<MailCheck />} title="No refused messages">
            For example, a message without a valid delivery time is refused. The messages are in the dead-letter topic,
            which has the name of the delayed topic with <code className="font-mono text-xs">.dlq</code> at its end.
          </EmptyState>
        }
      />
      {openMessage ? (
        <Dialog
          open
          onOpenChange={(isOpen) => !isOpen && void setOpenId(null, { history: "replace" })}
          title="Refused message"
          description={openMessage.reason}
          size="lg"
        >
          <DescriptionList
            columns={2}
            className="mb-3"
            items={[
              { term: "Sent", value: <Instant value={openMessage.at} /> },
              { term: "Code", value: openMessage.code },
              { term: "Field", value: openMessage.field },
              {
                term: "Topic, partition, offset",
                value: `${openMessage.topic} / ${openMessage.partition} / ${openMessage.offset}`,
              },
            ]}
          />
          <RefusedValue message={openMessage} />
        </Dialog>
      ) : null}
    </>
  );
}
